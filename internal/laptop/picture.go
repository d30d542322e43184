package laptop

import (
	"os"

	"kandili/internal/fieldwork"
	"kandili/internal/lens"
)

// ReadInvitePicture returns the text of the QR in a PNG, JPEG or GIF.
func ReadInvitePicture(b []byte) (string, error) {
	text, err := lens.Read(b)
	if err != nil {
		return "", &fieldwork.Problem{Code: "no-qr", Sentence: "No QR can be read in this picture.", Hint: "Take HQ's file itself, or paste the invite's text.", Err: err}
	}
	return text, nil
}

// ReadBadgePicture returns what the badge in a picture file says.
func ReadBadgePicture(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err == nil {
		var text string
		if text, err = lens.Read(b); err == nil {
			return text, nil
		}
	}
	return "", &fieldwork.Problem{Code: "no-badge-picture", Sentence: "No badge can be read in this picture.", Hint: "Take it again from closer, in even light, or type the code that stands below the QR.", Err: err}
}
