package hq

import (
	"encoding/json"
	"fmt"
	"net/http"

	"kandili/internal/fieldwork"
	"kandili/internal/journal"
	"kandili/sync/road"
)

// serveRecovery keeps a laptop's secret. It lies sealed among what HQ keeps, beside the laptop's name.
func (o *Office) serveRecovery(w http.ResponseWriter, r *http.Request) {
	s := o.byID(r.PathValue("id"))
	node, token, ok := road.ParseAuthorization(r.Header.Get("Authorization"))
	if s == nil || !ok {
		road.Refuse(w, http.StatusUnauthorized, &fieldwork.Problem{Code: "unknown-node", Sentence: "HQ does not know this laptop.", Hint: "Join with an invite."})
		return
	}
	c := s.Self().Campaign
	if err := o.prove(c, node, token); err != nil {
		road.Refuse(w, http.StatusForbidden, err)
		return
	}
	secret, err := road.ReadRecovery(w, r)
	if err == nil {
		err = o.keepRecovery(c, node, secret)
	}
	if err != nil {
		road.Refuse(w, http.StatusBadRequest, err)
		return
	}
	w.Header().Set("X-Kandili", "1")
	w.WriteHeader(http.StatusOK)
}

func recoveryName(c journal.Campaign, node uint32) string {
	return fmt.Sprintf("recovery/%s/%d", c, node)
}

// keptRecovery is a laptop's secrets, the newest first: the one before still opens a laptop that did not hear our answer.
type keptRecovery struct {
	Secrets [][]byte `json:"secrets"`
	Read    int64    `json:"read"`         // when the code was last shown, seconds since 1970; 0: never
	By      string   `json:"by,omitempty"` // the account to which; empty: by the command line
}

func (o *Office) keepRecovery(c journal.Campaign, node uint32, secret []byte) error {
	return o.box.Update(recoveryName(c, node), func(old []byte) ([]byte, error) {
		var k keptRecovery
		json.Unmarshal(old, &k) // nothing yet
		if len(k.Secrets) == 0 || string(k.Secrets[0]) != string(secret) {
			k.Secrets = append([][]byte{secret}, k.Secrets...)
		}
		k.Secrets = k.Secrets[:min(len(k.Secrets), 2)]
		return json.Marshal(k)
	})
}

// RecoveryCode returns the code that opens a laptop whose passphrase is lost, to be read to its people over a telephone, and
// remembers to whom it was shown: to an account, or by the command line where by is empty.
func (o *Office) RecoveryCode(c journal.Campaign, node uint32, by string) (string, error) {
	var k keptRecovery
	err := o.box.Update(recoveryName(c, node), func(old []byte) ([]byte, error) {
		if json.Unmarshal(old, &k) != nil || len(k.Secrets) == 0 {
			return nil, &fieldwork.Problem{Code: "no-recovery", Sentence: "HQ has no recovery code of this laptop.",
				Hint: "A laptop brings its code at its first sync, and a new one at the first sync after it was used."}
		}
		k.Read, k.By = o.now().Unix(), by
		return json.Marshal(k)
	})
	if err != nil {
		return "", err
	}
	return fieldwork.RecoveryCode(k.Secrets[0]), nil
}

// doRecover is the command of that.
func (o *Office) doRecover(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	if len(c.Args) != 1 {
		return Reply{}, &fieldwork.Problem{Code: "usage", Sentence: "Which laptop?", Hint: "For example: kandili-hq recover \"Kajiado 1\" --campaign kajiado"}
	}
	_, number, err := findNode(s, c.Args[0])
	if err != nil {
		return Reply{}, err
	}
	code, err := o.RecoveryCode(s.Self().Campaign, uint32(number), "")
	if err != nil {
		return Reply{}, err
	}
	return reply(map[string]string{"code": code}, "%s\nRead it to the laptop's people, group by group. It works once.\n", code)
}
