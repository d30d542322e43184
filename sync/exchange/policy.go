package exchange

import "kandili/internal/fieldwork"

// PhotoPolicy says which photos a laptop exchanges.
type PhotoPolicy int

// The policies. Photos that somebody opened to see them large come in any case, but with PhotosNone.
const (
	PhotosByLink   PhotoPolicy = iota // previews; on a link that turns out fast as PhotosWorking
	PhotosNone                        // no photos
	PhotosPreviews                    // previews both ways
	PhotosWorking                     // previews both ways, and the working images that are here to the other side
	PhotosAll                         // previews and working images both ways
)

var policyNames = map[string]PhotoPolicy{"": PhotosByLink, "auto": PhotosByLink, "none": PhotosNone, "previews": PhotosPreviews, "working": PhotosWorking, "all": PhotosAll}

// ParsePhotoPolicy reads a policy as people write it; empty is by the link.
func ParsePhotoPolicy(text string) (PhotoPolicy, error) {
	p, ok := policyNames[text]
	if !ok {
		return 0, &fieldwork.Problem{Code: "photo-policy", Sentence: "“" + text + "” says nothing about photos.", Hint: "Say previews, working, all, none, or auto."}
	}
	return p, nil
}

// up is the sum of the sizes that are sent, down of those that are fetched of a photo.
func (p PhotoPolicy) up(fast bool) uint8 {
	switch {
	case p == PhotosNone:
		return 0
	case p == PhotosPreviews, p == PhotosByLink && !fast:
		return uint8(1)
	}
	return allSizes
}

func (p PhotoPolicy) down(opened bool) uint8 {
	switch {
	case p == PhotosNone:
		return 0
	case p == PhotosAll, opened:
		return allSizes
	}
	return uint8(1)
}

// Sizes is the sum of the sizes that whoever answers takes in.
func (p PhotoPolicy) Sizes() uint8 { return p.up(true) }
