package hq

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"kandili/internal/fieldwork"
	"kandili/internal/vault"
)

// ServeOptions say where HQ answers.
type ServeOptions struct {
	Listen    string // address, for example 0.0.0.0:8437
	ReadyFile string // gets {"url":…,"pages":…} once HQ answers; empty: none
	Plain     bool   // no TLS, for a proxy on this machine that ends it: loopback only
	ACME      *ACME  // nil: no authority certifies HQ's key; laptops need none
	Log       io.Writer
	Prove     time.Duration // how often a backup is made and proven; 0: only by command
	Backups   string        // folder of proven backups; empty: in the office's own
}

// Serve answers laptops and browsers, and commands through a socket in the folder, until ctx ends; then it lets
// running requests end.
func (o *Office) Serve(ctx context.Context, opt ServeOptions) error {
	l, err := net.Listen("tcp", opt.Listen)
	if err != nil {
		return &fieldwork.Problem{Code: "cannot-listen", Sentence: "HQ cannot answer at " + opt.Listen + ".", Hint: "Another program may use this port, or the address is not this machine's.", Err: err}
	}
	defer l.Close()
	addr := l.Addr().(*net.TCPAddr)
	if opt.Plain && !addr.IP.IsLoopback() {
		return &fieldwork.Problem{Code: "not-loopback", Sentence: "Without TLS HQ answers on this machine only.", Hint: "Listen on 127.0.0.1 behind a proxy, or leave --tls as it is."}
	}
	config, certified, err := o.tlsConfig(ctx, opt)
	if err != nil {
		return err
	}
	if config != nil {
		l = tls.NewListener(l, config)
	}
	url := urlOf(opt, addr)
	if err := o.box.Put("url", []byte(url)); err != nil {
		return err
	}
	o.backups = opt.Backups
	if err := o.box.Put(backupsName, []byte(opt.Backups)); err != nil {
		return err
	}
	mux := http.NewServeMux()
	o.machine(mux)
	if err := o.pages(mux); err != nil {
		return err
	}
	srv := &http.Server{Handler: http.NewCrossOriginProtection().Handler(mux), ReadHeaderTimeout: readHeaderTime, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, ErrorLog: log.New(io.Discard, "", 0)}
	control, err := o.control()
	if err != nil {
		return err
	}
	defer control.Close()
	if opt.ReadyFile != "" {
		b, err := json.Marshal(map[string]string{"url": url, "pages": url + "/"})
		if err != nil {
			return err
		}
		if err := vault.WriteFileAtomic(opt.ReadyFile, b, 0o600); err != nil {
			return fmt.Errorf("write the ready file: %w", err)
		}
	}
	o.greet(opt.Log, url)
	if certified != nil {
		stop, err := certified.serveHTTP(opt.ACME.HTTP)
		if err != nil {
			return err
		}
		defer stop()
		certified.begin()
	}
	if opt.Prove > 0 {
		proving, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() { defer close(done); o.proveEvery(proving, opt.Prove, opt.Backups) }()
		defer func() { stop(); <-done }()
	}
	stop := context.AfterFunc(ctx, func() {
		wait, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		srv.Shutdown(wait)
	})
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// tlsConfig is how HQ shows itself; nil: without TLS. certified is who has its key certified; nil: nobody.
func (o *Office) tlsConfig(ctx context.Context, opt ServeOptions) (config *tls.Config, certified *certifier, err error) {
	switch {
	case opt.Plain:
		return nil, nil, nil
	case opt.ACME != nil:
		if certified, err = o.certifier(ctx, *opt.ACME, opt.Log); err != nil {
			return nil, nil, err
		}
		return certified.config(), certified, nil
	}
	cert, err := o.certificate()
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}}, nil, err
}

// urlOf is where laptops and browsers find HQ.
func urlOf(opt ServeOptions, addr *net.TCPAddr) string {
	scheme, host, port := "https", addr.IP.String(), fmt.Sprint(addr.Port)
	switch {
	case opt.Plain:
		scheme = "http"
	case opt.ACME != nil && addr.Port == 443:
		return "https://" + opt.ACME.Host
	case opt.ACME != nil:
		return "https://" + net.JoinHostPort(opt.ACME.Host, port)
	}
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// greet says where HQ answers and, as long as there is no account, how to make the first.
func (o *Office) greet(w io.Writer, url string) {
	if w == nil {
		return
	}
	fmt.Fprintf(w, "HQ answers at %s/\n", url)
	if o.accounts() == 0 {
		fmt.Fprintf(w, "Nobody can sign in yet. Make the first account: kandili-hq account create NAME --role admin --data %s\n", o.dir)
	}
}

// control listens on a socket in the folder, which only its owner can reach.
func (o *Office) control() (net.Listener, error) {
	path := SocketPath(o.dir)
	os.Remove(path) // left over by a kill: we hold the folder's lock, so nobody listens on it
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for commands: %w", err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(o.serveCommand), ReadHeaderTimeout: readHeaderTime}
	go srv.Serve(l)
	return l, os.Chmod(path, 0o600)
}

// SocketPath is where a serving HQ takes commands. Sockets have short names: a long folder's is in the system's
// temporary place, under a name that follows from the folder's.
func SocketPath(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	if path := filepath.Join(abs, "control.sock"); len(path) < 100 {
		return path
	}
	return filepath.Join(os.TempDir(), "kandili-hq-"+inviteName([]byte(abs))[7:27]+".sock")
}
