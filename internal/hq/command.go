package hq

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	qrcode "github.com/skip2/go-qrcode"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
)

// Command is what a command line asks of an office: run here, or by the process that serves the folder.
type Command struct {
	Name     string   `json:"name"` // "campaign create", "invite" …
	Args     []string `json:"args"`
	Campaign string   `json:"campaign"`
	Country  string   `json:"country"`
	Role     string   `json:"role"`
	Password string   `json:"password"`
	URL      string   `json:"url"`
	Days     int      `json:"days"`
	Target   int64    `json:"target"`    // people lit
	Picture  bool     `json:"picture"`   // an invite as a PNG
	Node     string   `json:"node"`      // a laptop's number, letters or name
	MaxBytes int64    `json:"max_bytes"` // of one courier file; 0: as large as sticks can hold
	All      bool     `json:"all"`       // into courier files: everything
	Site     string   `json:"site"`      // a village's name or code
	Dir      string   `json:"dir"`       // of proven backups; empty: in the office's own folder
}

// Reply is what a command answers.
type Reply struct {
	Text   string             `json:"text"`   // for a person, and for scripts without --json
	Object json.RawMessage    `json:"object"` // for --json
	File   []byte             `json:"file"`   // what --out gets
	Failed *fieldwork.Problem `json:"failed"`
}

// Run runs a command, by the process that serves the folder where there is one, else by opening the folder.
func Run(dir string, c Command) (Reply, error) {
	if r, err := send(dir, c); err == nil {
		return r, nil
	}
	o, err := Open(dir, Options{})
	if err != nil {
		return Reply{}, err
	}
	defer o.Close()
	return o.Do(c), nil
}

func send(dir string, c Command) (r Reply, err error) {
	client := &http.Client{Timeout: 10 * time.Minute, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "unix", SocketPath(dir))
	}}}
	b, err := json.Marshal(c)
	if err != nil {
		return r, err
	}
	resp, err := client.Post("http://office/", "application/json", bytes.NewReader(b))
	if err != nil {
		return r, err
	}
	defer resp.Body.Close()
	return r, json.NewDecoder(resp.Body).Decode(&r)
}

func (o *Office) serveCommand(w http.ResponseWriter, r *http.Request) {
	var c Command
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&c); err != nil {
		http.Error(w, "not a command", http.StatusBadRequest)
		return
	}
	json.NewEncoder(w).Encode(o.Do(c))
}

// Do runs a command in this office.
func (o *Office) Do(c Command) Reply {
	run := map[string]func(Command) (Reply, error){
		"campaign create": o.doCampaignCreate, "campaign list": o.doCampaignList, "account create": o.doAccountCreate, "invite": o.doInvite,
		"digest": o.doDigest, "verify": o.doVerify, "backup": o.doBackup, "prove": o.doProve, "receipt": o.doReceipt, "revoke": o.doRevoke, "recover": o.doRecover, "pack": o.doPack,
		"forget": o.doForget, "snapshot": o.doSnapshot,
		"export": o.doExport, "courier in": o.doCourierIn, "courier out": o.doCourierOut,
	}[c.Name]
	if run == nil {
		return Reply{Failed: &fieldwork.Problem{Code: "unknown-command", Sentence: "There is no command “" + c.Name + "”."}}
	}
	r, err := run(c)
	if err != nil {
		r.Failed = &fieldwork.Problem{Code: "failed", Sentence: err.Error()}
		if p := (*fieldwork.Problem)(nil); errors.As(err, &p) {
			r.Failed = &fieldwork.Problem{Code: p.Code, Sentence: p.Sentence, Hint: p.Hint}
		}
	}
	return r
}

func reply(object any, format string, args ...any) (Reply, error) {
	b, err := json.Marshal(object)
	return Reply{Text: fmt.Sprintf(format, args...), Object: b}, err
}

func (o *Office) doCampaignCreate(c Command) (Reply, error) {
	s, err := o.CreateCampaign(strings.Join(c.Args, " "), c.Country, c.Target)
	if err != nil {
		return Reply{}, err
	}
	id := s.Self().Campaign.String()
	return reply(map[string]string{"campaign": id}, "Made the campaign %s.\n", id)
}

func (o *Office) doCampaignList(Command) (Reply, error) {
	var text strings.Builder
	list := []map[string]string{}
	for _, s := range o.Campaigns() {
		id, name := s.Self().Campaign.String(), campaignRecord(s).Get(fieldwork.CampaignName).Text()
		fmt.Fprintf(&text, "%s  %s\n", id, name)
		list = append(list, map[string]string{"campaign": id, "name": name})
	}
	return reply(map[string]any{"campaigns": list}, "%s", text.String())
}

func (o *Office) doAccountCreate(c Command) (Reply, error) {
	if len(c.Args) != 1 {
		return Reply{}, &fieldwork.Problem{Code: "no-name", Sentence: "An account needs one name.", Hint: "For example: kandili-hq account create lea --role officer"}
	}
	password, err := o.CreateAccount(c.Args[0], c.Role, c.Password)
	if err != nil {
		return Reply{}, err
	}
	if c.Password != "" {
		return reply(map[string]string{"account": c.Args[0]}, "Made the account %s.\n", c.Args[0])
	}
	return reply(map[string]string{"account": c.Args[0], "password": password}, "Made the account %s. Its password, shown once: %s\n", c.Args[0], password)
}

func (o *Office) doInvite(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	inv, err := o.Invite(s, c.Role, c.URL, c.Days)
	if err != nil {
		return Reply{}, err
	}
	r, err := reply(map[string]any{"invite": inv.String(), "expires": inv.Expires}, "%s\n", inv.String())
	r.File = []byte(inv.String() + "\n")
	if c.Picture && err == nil {
		r.File, err = qrcode.Encode(inv.String(), qrcode.Medium, -8) // eight pixels a module, none of them torn
	}
	return r, err
}

func (o *Office) doDigest(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	heads := map[string]uint64{}
	var words []string
	all := s.Heads()
	for _, log := range all.Logs() {
		heads[log.String()] = all[log]
		words = append(words, fmt.Sprintf("%v:%d", log, all[log]))
	}
	d := s.Digest().String()
	return reply(map[string]any{"digest": d, "heads": heads}, "%s heads %s\n", d, strings.Join(words, " "))
}

func (o *Office) doVerify(Command) (Reply, error) {
	var text strings.Builder
	damage := []string{}
	for _, s := range o.Campaigns() {
		r, err := s.Verify()
		if err != nil {
			return Reply{}, err
		}
		fmt.Fprintf(&text, "%s: %d logs, %d changes, %d records read.\n", campaignRecord(s).Get(fieldwork.CampaignName).Text(), r.Logs, r.Changes, r.Records)
		damage = append(damage, r.Damage...)
	}
	r, err := reply(map[string]any{"ok": len(damage) == 0, "damage": damage}, "%s%s", text.String(), strings.Join(damage, "\n"))
	if err == nil && len(damage) > 0 {
		err = &fieldwork.Problem{Code: "damaged", Sentence: fmt.Sprintf("%d things are not as they should be.", len(damage)), Hint: "Keep this folder and restore the last backup into a new one."}
	}
	return r, err
}

func (o *Office) doRevoke(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	if err := o.Revoke(s, strings.Join(c.Args, " ")); err != nil {
		return Reply{}, err
	}
	return reply(map[string]any{"revoked": c.Args}, "Revoked. What this laptop sends from now on is kept apart until a person decides.\n")
}

// doBackup returns the backup as the file: a tar of the key, the office and every campaign.
func (o *Office) doBackup(Command) (Reply, error) {
	var b bytes.Buffer
	if err := o.writeBackup(&b, inOneFile); err != nil {
		return Reply{}, err
	}
	r, err := reply(map[string]int{"bytes": b.Len()}, "Backup of %d bytes written. It holds the key that opens it: keep it on an encrypted disk.\n", b.Len())
	r.File = b.Bytes()
	return r, err
}

// doExport returns all records of a kind as a table.
func (o *Office) doExport(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	kind, ok := fieldwork.KindByName(strings.Join(c.Args, "_"))
	if !ok {
		return Reply{}, &fieldwork.Problem{Code: "unknown-kind", Sentence: "There is no kind of record of this name.", Hint: "For example: kandili-hq export trainee --out people.csv"}
	}
	var b bytes.Buffer
	if err := writeCSV(&b, fieldwork.SpecOf(kind), []*store.Store{s}); err != nil {
		return Reply{}, err
	}
	r, err := reply(map[string]any{"kind": kind.String(), "records": s.Count(kind)}, "%s", b.String())
	r.File = b.Bytes()
	return r, err
}
