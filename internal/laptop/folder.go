package laptop

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	stdsync "sync" // a test here has a helper called sync
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/store"
	"kandili/internal/vault"
)

// Settings are what a laptop remembers outside of any campaign. Nothing in them is about people.
type Settings struct {
	Name     string  `json:"name"`             // what people call this laptop
	Lang     string  `json:"lang"`             // of the window; empty: the system's
	Theme    string  `json:"theme"`            // light, dark or sunlight
	Scale    float32 `json:"scale"`            // of text, 1.0 to 1.6; 0: 1.0
	Photos   string  `json:"photos,omitempty"` // which are exchanged: previews, working, all, none; empty: by the link
	Paused   bool    `json:"paused,omitempty"` // no exchange begins by itself
	Hidden   bool    `json:"hidden,omitempty"` // does not look for laptops nearby, and is not seen by them
	Campaign string  `json:"campaign"`         // folder of the one that is open, 16 hexadecimal digits; empty: none
	Lock     int     `json:"lock"`             // minutes without anybody after which the window locks; 0: as the program thinks right, -1: never
}

// Folder is an unlocked data folder. It is safe for use from several goroutines once opened.
type Folder struct {
	Dir  string
	Now  func() time.Time // nil: time.Now
	keys *vault.Keys

	settings Settings
	store    *store.Store   // of the open campaign; nil before joining
	door     *stdsync.Mutex // one after the other at the door
}

// Program is the name and version that HQ's list of laptops shows.
var Program = "kandili 0.1.0"

const (
	settingsName = "laptop.json"
	vaultName    = "vault.json"
	campaignsDir = "campaigns"
)

// DefaultDir returns the system's place for local application data, never a roaming one.
func DefaultDir() (string, error) {
	if dir := os.Getenv("LocalAppData"); dir != "" {
		return filepath.Join(dir, "Kandili"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the home folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(home, "Library", "Application Support")); err == nil {
		return filepath.Join(home, "Library", "Application Support", "Kandili"), nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "kandili"), nil
	}
	return filepath.Join(home, ".local", "share", "kandili"), nil
}

// Exists says whether dir is a data folder already.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, vaultName))
	return err == nil
}

// kdfParams are the cost of a passphrase; a test makes them small.
var kdfParams = vault.DefaultParams

// Init makes a data folder and returns it unlocked. A passphrase has eight characters at least.
func Init(dir, name string, passphrase []byte) (*Folder, error) {
	if name = strings.TrimSpace(name); name == "" {
		return nil, &fieldwork.Problem{Code: "no-name", Sentence: "This laptop needs a name.", Hint: "Give it one that people recognise, for example “Kajiado 1”."}
	}
	if len([]rune(string(passphrase))) < minPassphrase {
		return nil, &fieldwork.Problem{Code: "short-passphrase", Sentence: "The passphrase is too short.", Hint: "Take eight characters or more; four words are good."}
	}
	if Exists(dir) {
		return nil, &fieldwork.Problem{Code: "folder-exists", Sentence: "There is a Kandili data folder here already. Nothing was changed.", Hint: "Open it with its passphrase, or choose another folder."}
	}
	if err := os.MkdirAll(filepath.Join(dir, campaignsDir), 0o700); err != nil {
		return nil, &fieldwork.Problem{Code: "disk-error", Sentence: "The data folder cannot be made.", Hint: "Check that the place exists and belongs to you.", Err: err}
	}
	keys, err := vault.Create(filepath.Join(dir, vaultName), passphrase, kdfParams)
	if err != nil {
		return nil, err
	}
	f := &Folder{Dir: dir, keys: keys, door: &stdsync.Mutex{}}
	return f, f.SetSettings(Settings{Name: name})
}

const minPassphrase = 8 // characters

// Open unlocks a data folder and opens its campaign, if it has one.
func Open(dir string, passphrase []byte) (*Folder, error) {
	keys, err := vault.Unlock(filepath.Join(dir, vaultName), passphrase)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noFolder(err)
	}
	if err != nil {
		return nil, err
	}
	f := &Folder{Dir: dir, keys: keys, door: &stdsync.Mutex{}}
	if f.settings, err = ReadSettings(dir); err != nil {
		return nil, err
	}
	if f.settings.Campaign == "" {
		return f, nil
	}
	return f, f.openCampaign(f.settings.Campaign, false)
}

func noFolder(err error) error {
	return &fieldwork.Problem{Code: "no-folder", Sentence: "There is no Kandili data folder here.", Hint: "Make one with “kandilictl init --name NAME”, or start the Kandili window.", Err: err}
}

func (f *Folder) openCampaign(name string, incarnate bool) error {
	if b, err := hex.DecodeString(name); err != nil || len(b) != 8 {
		return fmt.Errorf("campaign folder %q is not 16 hexadecimal digits", name)
	}
	s, err := store.Open(filepath.Join(f.Dir, campaignsDir, name), f.keys, store.Options{Now: f.Now, Incarnate: incarnate})
	if err != nil {
		return err
	}
	f.store = s
	return nil
}

// ReadSettings returns the settings of a data folder without unlocking it; the zero Settings where there are none.
func ReadSettings(dir string) (s Settings, err error) {
	b, err := os.ReadFile(filepath.Join(dir, settingsName))
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Settings{}, fmt.Errorf("read the laptop's settings: %w", err)
	}
	return s, nil
}

// Settings returns the laptop's settings.
func (f *Folder) Settings() Settings { return f.settings }

// SetSettings keeps the laptop's settings.
func (f *Folder) SetSettings(s Settings) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the settings: %w", err)
	}
	if err := vault.WriteFileAtomic(filepath.Join(f.Dir, settingsName), append(b, '\n'), 0o600); err != nil {
		return &fieldwork.Problem{Code: "disk-error", Sentence: "The settings could not be saved.", Hint: "Check that the disk has space and is not write-protected.", Err: err}
	}
	f.settings = s
	return nil
}

// Store returns the open campaign, or nil before one was joined.
func (f *Folder) Store() *store.Store { return f.store }

// Campaign returns the open campaign, or a Problem that says how to get one.
func (f *Folder) Campaign() (*store.Store, error) {
	if f.store == nil {
		return nil, &fieldwork.Problem{Code: "no-campaign", Sentence: "This laptop has not joined a campaign yet.", Hint: "Join with an invite from HQ: “kandilictl join INVITE”, or paste it in the window."}
	}
	return f.store, nil
}

// CampaignRecord returns the campaign's own record; it comes from HQ with the first sync.
func (f *Folder) CampaignRecord() (r fieldwork.Record, ok bool) {
	if f.store == nil {
		return r, false
	}
	f.store.Each(fieldwork.KindCampaign, func(c fieldwork.Record) bool {
		r, ok = c, true
		return false
	})
	return r, ok
}

// Close closes the campaign and forgets the keys.
func (f *Folder) Close() error {
	var err error
	if f.store != nil {
		err = f.store.Close()
	}
	f.keys.Wipe()
	return err
}

func (f *Folder) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
}

// today returns the laptop's date in days since 1970.
func (f *Folder) today() int64 { return f.now().Unix() / 86400 }
