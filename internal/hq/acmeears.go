package hq

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// acmeAnswer is what is of interest in an answer of an authority (RFC 8555): a problem, or the problems of challenges.
type acmeAnswer struct {
	Type       string `json:"type"`
	Detail     string `json:"detail"`
	Challenges []struct {
		Error *struct {
			Detail string `json:"detail"`
		} `json:"error"`
	} `json:"challenges"`
}

// mostAnswer is how much of an answer is read, in bytes.
const mostAnswer = 1 << 20

// listen reads an answer, tells what went wrong, and hands it on.
func (e *acmeEars) listen(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return err
	}
	var a acmeAnswer
	if json.Unmarshal(body, &a) != nil {
		return nil // a certificate
	}
	if resp.StatusCode >= http.StatusBadRequest && a.Detail != "" && a.Type != "urn:ietf:params:acme:error:badNonce" { // that one is tried again by itself
		e.say("says: " + a.Detail)
	}
	for _, c := range a.Challenges {
		if c.Error != nil && c.Error.Detail != "" {
			e.say("says: " + c.Error.Detail)
		}
	}
	return nil
}
