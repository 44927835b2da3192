// Package homeserver starts a real Matrix homeserver for a test: Dendrite, built once from its Go module in a nested
// module of ours and kept in the user's cache. It listens on loopback and ends with the test.
//
// Tests that need it run only when BUURTBOT_DENDRITE is set: to "required", or to the path of a binary.
package homeserver

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // reads the server's databases
)

// Name is the server's part of every id.
const Name = "hs.test"

// Server is a running homeserver.
type Server struct {
	URL string

	t       testing.TB
	dir     string
	address string
	cmd     *exec.Cmd
}

// Start builds and starts a homeserver of the test's own, or skips the test.
func Start(t testing.TB) *Server {
	t.Helper()
	binary := find(t)
	s := &Server{t: t, dir: t.TempDir(), address: address(t)}
	s.URL = "http://" + s.address
	s.configure()
	s.Up(binary)
	t.Cleanup(s.Kill)
	return s
}

// Copy starts a homeserver of the test's own that knows what another knew when it was stopped with [Server.Stop].
func (s *Server) Copy(t testing.TB) *Server {
	t.Helper()
	c := &Server{t: t, dir: t.TempDir(), address: address(t)}
	c.URL = "http://" + c.address
	if err := os.CopyFS(c.dir, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	// A copy is not killed in the middle of something and started again, so its queues need no disk.
	c.write("dendrite.yaml", []byte(strings.NewReplacer("DIR", c.dir, "in_memory: false", "in_memory: true").Replace(config)))
	c.Up(s.cmd.Path)
	t.Cleanup(c.Kill)
	return c
}

// Servers listen below the ports that the kernel gives to clients, so that none is taken while its server is down.
const (
	firstPort = 10000
	ports     = 20000
)

// address gives where a server of the test's own can listen, and no other does until the test ends.
func address(t testing.TB) string {
	t.Helper()
	var c net.ListenConfig
	for range 100 {
		port := firstPort + mathrand.IntN(ports)
		release, err := reserve(filepath.Join(cache(t), "ports"), port)
		if err != nil {
			continue
		}
		where := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		l, err := c.Listen(t.Context(), "tcp", where)
		if err != nil {
			release()
			continue
		}
		_ = l.Close()
		t.Cleanup(release)
		return where
	}
	t.Fatal("no port is free for a homeserver")
	return ""
}

const config = `version: 2
global:
  server_name: hs.test
  private_key: DIR/key.pem
  disable_federation: true
  trusted_third_party_id_servers: []
  cache: {max_size_estimated: 64mb, max_age: 1h}
  jetstream: {storage_path: DIR/js, in_memory: false}
  presence: {enable_inbound: false, enable_outbound: false}
  report_stats: {enabled: false}
client_api:
  registration_disabled: false
  guests_disabled: true
  rate_limiting: {enabled: false, threshold: 20, cooloff_ms: 500}
federation_api: {database: {connection_string: "file:DIR/federationapi.db"}, key_perspectives: []}
key_server: {database: {connection_string: "file:DIR/keyserver.db"}}
media_api:
  {base_path: DIR/media, max_file_size_bytes: 10485760, database: {connection_string: "file:DIR/mediaapi.db"}}
mscs: {mscs: [], database: {connection_string: "file:DIR/mscs.db"}}
relay_api: {database: {connection_string: "file:DIR/relayapi.db"}}
room_server: {default_room_version: "11", database: {connection_string: "file:DIR/roomserver.db"}}
sync_api: {search: {enabled: false}, database: {connection_string: "file:DIR/syncapi.db"}}
user_api: {bcrypt_cost: 4, account_database: {connection_string: "file:DIR/userapi.db"}}
logging: [{type: std, level: error}]
`

// configure writes what the server starts from.
func (s *Server) configure() {
	s.t.Helper()
	seed := make([]byte, 32)
	if _, err := rand.Read(seed); err != nil {
		s.t.Fatal(err)
	}
	key := pem.EncodeToMemory(&pem.Block{
		Type: "MATRIX PRIVATE KEY", Headers: map[string]string{"Key-ID": "ed25519:test"}, Bytes: seed,
	})
	s.write("key.pem", key)
	s.write("dendrite.yaml", []byte(strings.ReplaceAll(config, "DIR", s.dir)))
}

// write puts a file into the server's folder, anew when it is there.
func (s *Server) write(name string, data []byte) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	_ = os.Remove(path)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// Up starts the server again at the same address, after Kill. The binary is the one Start used when it is empty.
func (s *Server) Up(binary string) {
	s.t.Helper()
	if binary == "" {
		binary = s.cmd.Path
	}
	s.cmd = exec.CommandContext(context.Background(), binary, "-config", filepath.Join(s.dir, "dendrite.yaml"),
		"-http-bind-address", s.address, "-https-bind-address", "127.0.0.1:0", "-really-enable-open-registration")
	s.cmd.SysProcAttr = dieWithParent()
	s.cmd.Dir = s.dir
	// Its tests run beside each other, and it holds little.
	s.cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=400")
	var said bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = &said, &said
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.ready(); err != nil {
		s.Kill()
		s.t.Fatalf("the homeserver does not answer: %v\n%s", err, said.String())
	}
}

func (s *Server) ready() error {
	var last error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+"/_matrix/client/versions", http.NoBody)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		last = err
	}
	return last
}

// Kill ends the server at once, without a word.
func (s *Server) Kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// Stop lets the server finish and end.
func (s *Server) Stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	_ = s.cmd.Wait() // it ends with a failure even so
	s.journal()
}

// journal lets the databases keep a write-ahead log: what reads then looks for no other journal first, which is a sixth of
// the server's work.
func (s *Server) journal() {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "*.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, file := range files {
		db, err := sql.Open("sqlite", file)
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := db.ExecContext(s.t.Context(), "PRAGMA journal_mode = WAL"); err != nil {
			s.t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			s.t.Fatal(err)
		}
	}
}

// Register makes accounts, whose passwords are "secret-" and their name.
func (s *Server) Register(names ...string) {
	s.t.Helper()
	for _, name := range names {
		err := s.post("/_matrix/client/v3/register", map[string]any{
			"username": name, "password": "secret-" + name, "inhibit_login": true,
			"auth": map[string]any{"type": "m.login.dummy"},
		})
		if err != nil {
			s.t.Fatalf("register %s: %v", name, err)
		}
	}
}

func (s *Server) post(path string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		return errors.New(resp.Status + " " + string(text))
	}
	return nil
}
