package laptop

import (
	"context"
	"os"
	"strings"

	"kandili/internal/blob"
	"kandili/internal/fieldwork"
	"kandili/internal/photo"
	"kandili/internal/store"
	"kandili/sync/exchange"
)

// AddPhotoFile makes a photo of a picture file and keeps it, so that a record can name it. The file itself stays where
// it is. It takes about a second for a large picture. It fails with a Problem.
func (f *Folder) AddPhotoFile(ctx context.Context, path string) (blob.Name, photo.Hints, error) {
	s, err := f.Campaign()
	if err != nil {
		return blob.Name{}, photo.Hints{}, err
	}
	made, err := photo.ReadFile(ctx, path)
	if err != nil {
		return blob.Name{}, photo.Hints{}, err
	}
	name, err := s.AddPhoto(made.Manifest, made.Files())
	return name, made.Hints, err
}

// PhotosAtHQ returns which images HQ said to hold whole: the sum of the sizes of each photo.
func PhotosAtHQ(s *store.Store) map[blob.Name]uint8 {
	return exchange.PhotosAt(s.Note(exchange.PhotosNote(hqPeer)))
}

// PhotoCount says how the photos of the campaign are spread.
type PhotoCount struct {
	Named  int // photos that records name
	Here   int // of these, here at least as previews
	ToSend int // of these, with an image here that HQ has not said to hold
}

// CountPhotos counts the photos.
func CountPhotos(s *store.Store) (n PhotoCount) {
	atHQ := PhotosAtHQ(s)
	for _, name := range s.PhotoNames() {
		state := s.PhotoState(name)
		n.Named++
		if state.Of(blob.Preview).Whole {
			n.Here++
		}
		for size := blob.Preview; size <= blob.Sizes; size++ {
			if state.Of(size).Whole && atHQ[name]&uint8(size) == 0 {
				n.ToSend++
				break
			}
		}
	}
	return n
}

// photosWith is the Rest of an exchange with a peer.
func (f *Folder) photosWith(s *store.Store, peer string, policy exchange.PhotoPolicy) *exchange.PhotoClient {
	wished := s.PhotoWishes()
	return &exchange.PhotoClient{Album: s, Peer: peer, Policy: policy, Now: f.now, Opened: func(n blob.Name) bool { return wished[n] }}
}

// courierPhotos are the photos that HQ has not said to hold, in the sizes that the settings let travel; a stick has room for the
// large ones.
func (f *Folder) courierPhotos(s *store.Store, all bool) *exchange.CourierPhotos {
	c := &exchange.CourierPhotos{Album: s, Sizes: f.photoPolicy().Sizes()}
	if !all {
		atHQ := PhotosAtHQ(s)
		c.Held = func(n blob.Name) uint8 { return atHQ[n] }
	}
	return c
}

// photoPolicy is what the settings say, or else what suits the link.
func (f *Folder) photoPolicy() exchange.PhotoPolicy {
	p, err := exchange.ParsePhotoPolicy(f.settings.Photos)
	if err != nil {
		return exchange.PhotosByLink // of a newer program
	}
	return p
}

// peerPhotos is the policy between laptops. Their network is fast and free, and one of them may be the only way to HQ,
// so working images go, too, unless the settings say less.
func (f *Folder) peerPhotos() exchange.PhotoPolicy {
	if p := f.photoPolicy(); p != exchange.PhotosByLink {
		return p
	}
	return exchange.PhotosAll
}

// photoCells turns cells such as photo=@lamp.jpg into the names of photos made of these files. Where the file tells a
// position and the record has none yet, it comes along.
func (f *Folder) photoCells(spec *fieldwork.Spec, cells Cells, had fieldwork.Record) (Cells, error) {
	out := Cells{}
	for head, text := range cells {
		out[head] = text
		path, isFile := strings.CutPrefix(text, "@")
		field := spec.FieldByName(head)
		if field == nil || field.Type != fieldwork.TypePhoto || !isFile {
			continue
		}
		name, hints, err := f.AddPhotoFile(context.Background(), path)
		if err != nil {
			return nil, err
		}
		out[head] = name.String()
		offerPosition(spec, out, cells, had, hints)
	}
	return out, nil
}

func offerPosition(spec *fieldwork.Spec, out, given Cells, had fieldwork.Record, hints photo.Hints) {
	position, source := spec.FieldByName("position"), spec.FieldByName("position_source")
	if position == nil || source == nil || !hints.Located || !had.Get(position.ID).IsZero() || given["position"] != "" || given["lat"] != "" || given["lon"] != "" {
		return
	}
	out["position"] = fieldwork.FormatValue(position, hints.Position())
	if given["position_source"] == "" {
		out["position_source"] = fieldwork.FormatValue(source, fieldwork.Int(fieldwork.PositionSourcePhoto))
	}
}

// ExportPhotos writes the photos of a record's fields into a folder as CODE-FIELD.jpg, the largest image that is here,
// and returns how many it wrote and how many are not here.
func (f *Folder) ExportPhotos(dir string, r fieldwork.Record) (written, missing int, err error) {
	spec := fieldwork.SpecOf(r.Kind)
	if spec == nil {
		return 0, 0, nil
	}
	for i := range spec.Fields {
		field := &spec.Fields[i]
		name, ok := blob.NameOf(r.Get(field.ID))
		if !ok || field.Type != fieldwork.TypePhoto {
			continue
		}
		file := LargestPhoto(f.store, name)
		if file == nil {
			missing++
			continue
		}
		if err := writeInto(dir, fieldwork.CodeOf(r.ID)+"-"+field.Name+".jpg", file); err != nil {
			return written, missing, err
		}
		written++
	}
	return written, missing, nil
}

// LargestPhoto returns the largest image of a photo that is here, or nil.
func LargestPhoto(s *store.Store, name blob.Name) []byte {
	for _, size := range []blob.Size{blob.Working, blob.Preview} {
		if file, err := s.Photo(name, size); err == nil {
			return file
		}
	}
	return nil
}

func writeInto(dir, name string, file []byte) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		root, e := os.OpenRoot(dir)
		if e == nil {
			defer root.Close()
			e = root.WriteFile(name, file, 0o600)
		}
		err = e
	}
	if err != nil {
		return &fieldwork.Problem{Code: "not-written", Sentence: "A photo could not be written to the folder.", Hint: "Check that the folder is there and has space.", Err: err}
	}
	return nil
}
