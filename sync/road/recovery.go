package road

import (
	"context"
	"encoding/json"
	"net/http"

	"kandili/internal/fieldwork"
)

// Recovery is what a laptop gives HQ to keep, over a connection to HQ alone, for the day when its passphrase is lost.
type Recovery struct {
	Secret []byte `json:"secret"` // fieldwork.RecoveryBytes long
}

// KeepRecovery lets HQ keep a secret. Without an error HQ has it on its disk.
func (h *HTTPS) KeepRecovery(ctx context.Context, secret []byte) error {
	b, err := json.Marshal(Recovery{Secret: secret})
	if err != nil {
		return err
	}
	resp, err := h.post(ctx, "/v1/campaigns/"+h.Campaign.String()+"/recovery", "application/json", b)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// ReadRecovery reads the request of a laptop that proved who it is.
func ReadRecovery(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var got Recovery
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&got)
	if err != nil || len(got.Secret) != fieldwork.RecoveryBytes {
		return nil, &fieldwork.Problem{Code: "bad-request", Sentence: "This is no secret to keep.", Err: err}
	}
	return got.Secret, nil
}
