CREATE TABLE absences (
    person INTEGER PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    starts INTEGER NOT NULL,
    ends   INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    id       INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    external TEXT NOT NULL,
    person   INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    chat     INTEGER REFERENCES chats (id) ON DELETE SET NULL,
    linked   INTEGER NOT NULL, preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred IN (0, 1)), sealed TEXT NOT NULL DEFAULT '',
    UNIQUE (platform, external)
) STRICT;

CREATE INDEX accounts_chat ON accounts (chat);

CREATE INDEX accounts_person ON accounts (person, platform, chat, preferred, linked);

CREATE TABLE alert_areas (
    alert INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    area  INTEGER NOT NULL REFERENCES areas (id),
    PRIMARY KEY (alert, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_replies (
    alert  INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    PRIMARY KEY (alert, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_replies_person ON alert_replies (person);

CREATE TABLE alert_versions (
    alert   INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    status  TEXT NOT NULL,
    text    TEXT NOT NULL,
    last    TEXT NOT NULL,
    hash    BLOB NOT NULL,
    PRIMARY KEY (alert, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    ref     TEXT NOT NULL UNIQUE,
    network INTEGER NOT NULL REFERENCES areas (id),
    kind    TEXT NOT NULL CHECK (kind IN ('urgent', 'appeal', 'info', 'missing')),
    status  TEXT NOT NULL CHECK (status IN
        ('draft', 'checked', 'queued', 'sending', 'active', 'corrected', 'retracted', 'closed_with_outcome', 'expired')),
    version INTEGER NOT NULL,
    case_id INTEGER REFERENCES cases (id),
    text    TEXT NOT NULL,
    until   INTEGER NOT NULL,
    issuer  INTEGER NOT NULL,
    issued  INTEGER NOT NULL,
    last    TEXT NOT NULL DEFAULT '',
    second  INTEGER,
    outcome TEXT,
    drill   INTEGER NOT NULL DEFAULT 0
, sender TEXT NOT NULL DEFAULT 'police', seal TEXT NOT NULL DEFAULT '', planned INTEGER NOT NULL DEFAULT 0, photo INTEGER NOT NULL DEFAULT 0, kept_why TEXT NOT NULL DEFAULT '', kept_until INTEGER NOT NULL DEFAULT 0, happened INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX alerts_case ON alerts (case_id) WHERE case_id IS NOT NULL;

CREATE INDEX alerts_issued ON alerts (network, issued);

CREATE INDEX alerts_open ON alerts (network, id) WHERE status NOT IN ('retracted', 'closed_with_outcome');

CREATE INDEX alerts_photo ON alerts (photo) WHERE photo <> 0;

CREATE INDEX alerts_second ON alerts (second) WHERE second IS NOT NULL;

CREATE TABLE aliases (
    old    INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX aliases_person ON aliases (person);

CREATE TABLE areas (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    parent  INTEGER REFERENCES areas (id),
    network INTEGER REFERENCES areas (id),
    kind    TEXT NOT NULL CHECK (kind IN ('network', 'group', 'street')),
    name    TEXT NOT NULL,
    code    TEXT NOT NULL DEFAULT '',
    prefix  TEXT NOT NULL DEFAULT '',
    line    BLOB,
    border  BLOB,
    CHECK ((kind = 'network') = (parent IS NULL))
) STRICT;

CREATE UNIQUE INDEX areas_code ON areas (code) WHERE code <> '';

CREATE UNIQUE INDEX areas_name ON areas (parent, name) WHERE kind <> 'network';

CREATE INDEX areas_network ON areas (network);

CREATE UNIQUE INDEX areas_network_name ON areas (name) WHERE kind = 'network';

CREATE TABLE attendance (
    chat   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (chat, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX attendance_person ON attendance (person);

CREATE TABLE audit (
    seq    INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    actor  INTEGER NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    mac    BLOB NOT NULL
) STRICT;

CREATE TABLE audit_anchor (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    mac BLOB NOT NULL
, seal BLOB NOT NULL DEFAULT x'') STRICT;

CREATE INDEX audit_case ON audit (object) WHERE object LIKE 'case/%';

CREATE INDEX audit_looks ON audit (object, at) WHERE action = 'report.only_looks';

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN OLD.seq > coalesce((SELECT seq FROM audit_anchor), 0)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is not shortened');
END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is not changed');
END;

CREATE TABLE barred (
    hash     BLOB NOT NULL,
    sanction INTEGER NOT NULL REFERENCES sanctions (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, sanction)
) STRICT, WITHOUT ROWID;

CREATE INDEX barred_sanction ON barred (sanction);

CREATE TABLE cards (
    card    TEXT NOT NULL,
    chat    INTEGER NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 0,
    writes  INTEGER NOT NULL DEFAULT 0,
    last    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (card, chat)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    ref          TEXT NOT NULL UNIQUE,
    network      INTEGER NOT NULL REFERENCES areas (id),
    grp          INTEGER REFERENCES areas (id),
    street       INTEGER REFERENCES areas (id),
    status       TEXT NOT NULL CHECK (status IN
        ('received', 'in_triage', 'info_requested', 'info_received', 'forwarded', 'accepted', 'planned', 'snoozed',
        'resolved', 'closed', 'duplicate', 'withdrawn', 'reopen_requested', 'reopened')),
    version      INTEGER NOT NULL,
    category     TEXT NOT NULL,
    urgency      TEXT NOT NULL CHECK (urgency IN ('', 'emergency', 'today', 'normal', 'info')),
    verification TEXT NOT NULL CHECK (verification IN ('', 'unverified', 'corroborated', 'verified_police', 'refuted')),
    called       TEXT NOT NULL CHECK (called IN ('', 'yes', 'no', 'someone_else', 'unknown')),
    owner        INTEGER NOT NULL DEFAULT 0,
    reason       TEXT NOT NULL DEFAULT '',
    reason_text  TEXT NOT NULL DEFAULT '',
    created      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    merged_into  INTEGER REFERENCES cases (id),
    snoozed_till INTEGER,
    planned_for  INTEGER,
    about_member INTEGER,
    verdict      TEXT
, alert INTEGER, subject TEXT NOT NULL DEFAULT '', merged_at INTEGER, promised INTEGER, answered INTEGER, again INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX cases_alert ON cases (alert) WHERE alert IS NOT NULL;

CREATE INDEX cases_filed ON cases (network, created);

CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX cases_open ON cases
    (network, (CASE urgency WHEN 'emergency' THEN 0 WHEN 'today' THEN 1 WHEN 'info' THEN 3 ELSE 2 END), created)
    WHERE status NOT IN ('resolved', 'closed', 'duplicate', 'withdrawn');

CREATE INDEX cases_owner ON cases (owner) WHERE owner <> 0;

CREATE TABLE chats (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    platform   TEXT NOT NULL,
    external   TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('private', 'group', 'channel')),
    title      TEXT NOT NULL DEFAULT '',
    language   TEXT NOT NULL DEFAULT '',
    reachable  INTEGER NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
    why        TEXT NOT NULL DEFAULT '',
    not_before INTEGER NOT NULL DEFAULT 0,
    seen       INTEGER NOT NULL, sealed TEXT NOT NULL DEFAULT '', network INTEGER NOT NULL DEFAULT 0,
    UNIQUE (platform, external)
) STRICT;

CREATE INDEX chats_closed ON chats (id) WHERE reachable = 0;

CREATE INDEX chats_guests ON chats (seen) WHERE kind = 'private';

CREATE TABLE checkpoints (
    platform TEXT NOT NULL,
    account  TEXT NOT NULL,
    value    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (platform, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    invite  INTEGER NOT NULL UNIQUE REFERENCES invites (id),
    person  INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    made    INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

CREATE INDEX claims_person ON claims (person);

CREATE TABLE "deliveries" (
    id     INTEGER PRIMARY KEY,
    alert  INTEGER NOT NULL REFERENCES alerts (id),
    notice TEXT NOT NULL CHECK (notice IN ('alarm', 'correction', 'all_clear', 'outcome', 'take_back')),
    nth    INTEGER NOT NULL,
    target INTEGER NOT NULL,
    person INTEGER NOT NULL,
    chat   INTEGER NOT NULL,
    letter INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('pending', 'sent', 'unknown', 'failed', 'superseded', 'blocked', 'quiet_deferred', 'opted_out')),
    at     INTEGER NOT NULL,
    UNIQUE (alert, notice, nth, target, person)
) STRICT;

CREATE INDEX deliveries_letter ON deliveries (letter) WHERE letter <> 0;

CREATE INDEX deliveries_person ON deliveries (person) WHERE person > 0;

CREATE TABLE drafts (
    id      INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    author  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    hash    BLOB NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE "erasures" (
    id     INTEGER PRIMARY KEY,
    kind   TEXT    NOT NULL CHECK (kind IN
        ('person', 'part', 'own', 'case', 'report', 'answer', 'words', 'picture', 'question', 'lookup')),
    number INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

CREATE INDEX erasures_at ON erasures (at);

CREATE TABLE errands (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    ref        TEXT NOT NULL,
    platform   TEXT NOT NULL,
    payload    BLOB,
    tries      INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0
, begun INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX errands_next ON errands (not_before, id);

CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);

CREATE TABLE handovers (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    partner TEXT NOT NULL,
    given   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    status  TEXT NOT NULL CHECK (status IN ('forwarded', 'accepted', 'planned', 'resolved', 'closed', 'in_triage')),
    recall  TEXT, began INTEGER NOT NULL DEFAULT 0, due INTEGER, planned INTEGER, reason TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '', returns INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (case_id, partner)
) STRICT, WITHOUT ROWID;

CREATE INDEX handovers_due ON handovers (due) WHERE due IS NOT NULL;

CREATE TABLE houses (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    area     INTEGER NOT NULL REFERENCES areas (id),
    kind     TEXT NOT NULL CHECK (kind IN ('space', 'street', 'coordinators', 'police', 'municipality', 'enforcement', 'housing', 'operator')),
    platform TEXT NOT NULL,
    key      TEXT NOT NULL UNIQUE,
    chat     INTEGER UNIQUE REFERENCES chats (id) ON DELETE SET NULL,
    UNIQUE (area, platform, kind)
) STRICT;

CREATE TABLE inbox (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    account  TEXT NOT NULL,
    external TEXT NOT NULL,
    state    TEXT NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'applied', 'parked', 'waiting_keys')),
    tries    INTEGER NOT NULL DEFAULT 0,
    received INTEGER NOT NULL,
    ended    INTEGER,
    why      TEXT,
    raw      BLOB,
    UNIQUE (platform, account, external)
) STRICT;

CREATE INDEX inbox_open ON inbox (id) WHERE state = 'received';

CREATE INDEX inbox_parked ON inbox (id) WHERE state IN ('parked', 'waiting_keys');

CREATE TABLE invites (
    id      INTEGER PRIMARY KEY,
    hash    BLOB NOT NULL UNIQUE,
    kind    TEXT NOT NULL,
    role    TEXT NOT NULL DEFAULT '',
    room    TEXT NOT NULL DEFAULT '',
    area    INTEGER REFERENCES areas (id),
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    used_by INTEGER NOT NULL DEFAULT 0,
    used_at INTEGER
, made_by INTEGER NOT NULL DEFAULT 0, held_until INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX invites_unused ON invites (made_by) WHERE used_at IS NULL;

CREATE TABLE knocks (
    chat  INTEGER PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
    wrong INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT;

CREATE TABLE landmarks (
  id INTEGER PRIMARY KEY,
  network INTEGER NOT NULL REFERENCES areas (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  also TEXT NOT NULL DEFAULT '',
  lon REAL NOT NULL,
  lat REAL NOT NULL
) STRICT;

CREATE INDEX landmarks_network ON landmarks (network);

CREATE TABLE leaks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  network INTEGER NOT NULL REFERENCES areas (id),
  area INTEGER NOT NULL REFERENCES areas (id),
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  found INTEGER NOT NULL,
  noted INTEGER NOT NULL,
  words TEXT NOT NULL DEFAULT '',
  halt TEXT NOT NULL CHECK (halt IN ('', 'info', 'all')),
  verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'reported', 'harmless', 'none')),
  told TEXT NOT NULL DEFAULT '',
  done TEXT NOT NULL DEFAULT '',
  decided INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL
) STRICT;

CREATE INDEX leaks_open ON leaks (network) WHERE decided = 0;

CREATE TABLE lookups (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    network  INTEGER NOT NULL REFERENCES areas (id),
    person   INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL CHECK (kind IN ('name', 'plate', 'phone', 'other')),
    words    TEXT NOT NULL DEFAULT '',
    why      TEXT NOT NULL DEFAULT '',
    made     INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    agreed   INTEGER NOT NULL DEFAULT 0,
    searched INTEGER NOT NULL DEFAULT 0,
    version  INTEGER NOT NULL
) STRICT;

CREATE INDEX lookups_person ON lookups (person);

CREATE TABLE media (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    owner   INTEGER NOT NULL DEFAULT 0,
    kind    TEXT NOT NULL DEFAULT 'photo' CHECK (kind IN ('photo', 'video', 'voice', 'document')),
    created INTEGER NOT NULL,
    file    TEXT,
    data    BLOB
) STRICT;

CREATE INDEX media_owner ON media (owner, created);

CREATE TABLE memberships (
    person          INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    network         INTEGER NOT NULL REFERENCES areas (id),
    grp             INTEGER REFERENCES areas (id),
    street          INTEGER REFERENCES areas (id),
    standing        TEXT NOT NULL DEFAULT '' CHECK (standing IN ('', 'pending', 'active', 'paused', 'suspended', 'dormant')),
    rules           INTEGER NOT NULL DEFAULT 0,
    urgent          INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1)),
    since           INTEGER NOT NULL,
    verified_method TEXT,
    verified_by     INTEGER,
    verified_at     INTEGER,
    quiet_from      INTEGER,
    quiet_until     INTEGER,
    away_until      INTEGER,
    asked_at        INTEGER,
    wishes          TEXT
, nearby INTEGER NOT NULL DEFAULT 0 CHECK (nearby IN (0, 1)), silences INTEGER NOT NULL DEFAULT 0, rules_at INTEGER NOT NULL DEFAULT 0, rules_asked INTEGER NOT NULL DEFAULT 0, digest INTEGER NOT NULL DEFAULT 0 CHECK (digest IN (0, 1))) STRICT;

CREATE INDEX memberships_group ON memberships (grp) WHERE standing = 'active';

CREATE INDEX memberships_network ON memberships (network) WHERE standing = 'active';

CREATE UNIQUE INDEX memberships_person ON memberships (person, network);

CREATE INDEX memberships_street ON memberships (street) WHERE street IS NOT NULL;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE networks (
    area      INTEGER PRIMARY KEY REFERENCES areas (id),
    profile   TEXT NOT NULL,
    zone      TEXT NOT NULL,
    languages TEXT NOT NULL
, police TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE notes (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    author  INTEGER NOT NULL,
    text    TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX notes_case ON notes (case_id);

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    chat       INTEGER NOT NULL,
    rank       INTEGER NOT NULL CHECK (rank BETWEEN 0 AND 4),
    state      TEXT NOT NULL CHECK
        (state IN ('pending', 'sending', 'sent', 'unknown', 'dead', 'superseded', 'expired', 'held')),
    op         TEXT NOT NULL CHECK (op IN ('post', 'edit')),
    not_before INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    uncertain  INTEGER NOT NULL DEFAULT 0 CHECK (uncertain IN (0, 1)),
    plain      INTEGER NOT NULL DEFAULT 0 CHECK (plain IN (0, 1)),
    card       TEXT NOT NULL,
    report     TEXT NOT NULL,
    about      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    keys       TEXT NOT NULL,
    person     INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    sent_at    INTEGER,
    token      BLOB,
    message    TEXT NOT NULL DEFAULT '',
    why        TEXT NOT NULL DEFAULT '',
    body       TEXT NOT NULL
, called_back INTEGER NOT NULL DEFAULT 0 CHECK (called_back IN (0, 1)), behind INTEGER NOT NULL DEFAULT 0 CHECK (behind IN (0, 1))) STRICT;

CREATE INDEX outbox_behind ON outbox (chat, id) WHERE state = 'pending' AND behind = 1;

CREATE INDEX outbox_card ON outbox (card, chat) WHERE state = 'pending' AND card <> '';

CREATE INDEX outbox_ended ON outbox (id) WHERE state IN ('dead', 'unknown', 'held');

CREATE INDEX outbox_flight ON outbox (chat) WHERE state = 'sending';

CREATE INDEX outbox_line ON outbox (chat, id, rank) WHERE state = 'pending';

CREATE INDEX outbox_past ON outbox (id / 1024, chat, message) WHERE state NOT IN ('pending', 'sending');

CREATE INDEX outbox_report ON outbox (report) WHERE state = 'pending' AND report <> '';

CREATE INDEX outbox_token ON outbox (id / 1024, token) WHERE token IS NOT NULL;

CREATE INDEX outbox_tryable ON outbox (id) WHERE state IN ('dead', 'held') AND rank <= 2 AND body <> '';

CREATE INDEX outbox_waiting ON outbox (rank, id, chat, not_before, expires) WHERE state = 'pending' AND behind = 0;

CREATE INDEX outbox_writes ON outbox (sent_at, chat) WHERE sent_at IS NOT NULL;

CREATE TABLE partners (
    network INTEGER NOT NULL REFERENCES areas (id),
    role    TEXT NOT NULL CHECK (role IN ('police', 'municipality', 'enforcement', 'housing')),
    promise INTEGER NOT NULL DEFAULT 0, chat INTEGER REFERENCES chats (id), asked INTEGER REFERENCES chats (id),
    PRIMARY KEY (network, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX partners_asked ON partners (asked) WHERE asked IS NOT NULL;

CREATE INDEX partners_chat ON partners (chat) WHERE chat IS NOT NULL;

CREATE TABLE persons (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    created  INTEGER NOT NULL
) STRICT;

CREATE TABLE pins (
    card    TEXT    NOT NULL,
    chat    INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    message TEXT    NOT NULL,
    state   TEXT    NOT NULL CHECK (state IN ('wanted', 'pinned', 'unwanted', 'refused')),
    PRIMARY KEY (card, chat)
) STRICT, WITHOUT ROWID;

CREATE INDEX pins_chat ON pins (chat);

CREATE TABLE questions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    report   INTEGER NOT NULL,
    asked_by INTEGER NOT NULL,
    text     TEXT NOT NULL,
    asked    INTEGER NOT NULL,
    answer   TEXT NOT NULL DEFAULT '',
    answered INTEGER
, message TEXT NOT NULL DEFAULT '', taken INTEGER NOT NULL DEFAULT 0 CHECK (taken IN (0, 1)), canned TEXT NOT NULL DEFAULT '', partner TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX questions_case ON questions (case_id);

CREATE TABLE report_media (
    report   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    media    INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE, police INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (report, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX report_media_media ON report_media (media);

CREATE TABLE reports (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    reporter     INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    alias        INTEGER NOT NULL,
    text         TEXT NOT NULL,
    happened     TEXT NOT NULL,
    street       INTEGER REFERENCES areas (id),
    longitude    REAL,
    latitude     REAL,
    words        TEXT NOT NULL DEFAULT '',
    called       TEXT NOT NULL DEFAULT '',
    language     TEXT NOT NULL DEFAULT '',
    filed        INTEGER NOT NULL,
    happened_at  INTEGER,
    source       TEXT,
    behaviour    TEXT,
    direction    TEXT,
    weapons      TEXT,
    injured      TEXT,
    people_count INTEGER,
    may_contact  INTEGER,
    about_member INTEGER,
    on_behalf_of TEXT,
    persons      TEXT,
    vehicles     TEXT,
    extra        TEXT
, kind TEXT CHECK (kind IN ('addition', 'correction')), police TEXT, pieces TEXT, origin INTEGER, muted INTEGER NOT NULL DEFAULT 0 CHECK (muted IN (0, 1)), told INTEGER, verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'yes', 'half', 'no')), named INTEGER NOT NULL DEFAULT 0 CHECK (named IN (0, 1)), point TEXT, landmark INTEGER REFERENCES landmarks (id)) STRICT;

CREATE INDEX reports_case ON reports (case_id);

CREATE INDEX reports_reporter ON reports (reporter, filed) WHERE reporter IS NOT NULL;

CREATE TABLE roles (
    id         INTEGER PRIMARY KEY,
    person     INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    role       TEXT NOT NULL,
    area       INTEGER REFERENCES areas (id),
    starts     INTEGER NOT NULL,
    ends       INTEGER NOT NULL DEFAULT 0,
    granted_by INTEGER NOT NULL DEFAULT 0,
    granted_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE INDEX roles_area ON roles (area, role) WHERE revoked_at IS NULL;

CREATE INDEX roles_person ON roles (person);

CREATE TABLE "rooms" (
    network INTEGER NOT NULL REFERENCES areas (id),
    kind    TEXT NOT NULL CHECK (kind IN
        ('coordinators', 'police', 'municipality', 'enforcement', 'housing', 'operator')),
    chat    INTEGER NOT NULL UNIQUE REFERENCES chats (id),
    bound   INTEGER NOT NULL,
    PRIMARY KEY (network, kind)
) STRICT;

CREATE TABLE routes (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    network  INTEGER NOT NULL REFERENCES areas (id),
    category TEXT NOT NULL DEFAULT '',
    area     INTEGER REFERENCES areas (id),
    starts   INTEGER NOT NULL DEFAULT 0 CHECK (starts BETWEEN 0 AND 23),
    ends     INTEGER NOT NULL DEFAULT 0 CHECK (ends BETWEEN 0 AND 23),
    weekend  INTEGER NOT NULL DEFAULT 0 CHECK (weekend IN (0, 1)),
    partners TEXT NOT NULL
, within INTEGER NOT NULL DEFAULT 0 CHECK (within >= 0)) STRICT;

CREATE INDEX routes_network ON routes (network);

CREATE TABLE sanctions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    network  INTEGER NOT NULL REFERENCES areas (id),
    grp      INTEGER REFERENCES areas (id),
    person   INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    measure  TEXT NOT NULL CHECK (measure IN ('note', 'warning', 'suspension', 'removal')),
    breach   TEXT NOT NULL,
    words    TEXT NOT NULL,
    role     TEXT NOT NULL,
    given    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    chat     INTEGER REFERENCES chats (id) ON DELETE SET NULL,
    appeal   TEXT NOT NULL DEFAULT '',
    appealed INTEGER NOT NULL DEFAULT 0,
    ruling   TEXT NOT NULL DEFAULT '' CHECK (ruling IN ('', 'stands', 'undone')),
    judge    INTEGER NOT NULL DEFAULT 0,
    ruled    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX sanctions_at ON sanctions (at);

CREATE INDEX sanctions_chat ON sanctions (chat) WHERE chat IS NOT NULL;

CREATE INDEX sanctions_person ON sanctions (person) WHERE person IS NOT NULL;

CREATE TABLE sessions (
    chat     INTEGER NOT NULL,
    account  TEXT NOT NULL,
    parked   INTEGER NOT NULL CHECK (parked IN (0, 1)),
    form     TEXT NOT NULL,
    answers  BLOB,
    answered TEXT NOT NULL,
    asked    TEXT NOT NULL,
    touched  INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    reminded INTEGER NOT NULL DEFAULT 0, sealed TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (chat, account, parked)
) STRICT, WITHOUT ROWID;

CREATE TABLE slots (
    job  TEXT NOT NULL,
    slot TEXT NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (job, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE successions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    chat    INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    next    TEXT NOT NULL,
    via     TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('open', 'under', 'shut', 'failed', 'false', 'stay', 'done')),
    version INTEGER NOT NULL,
    UNIQUE (chat, next)
) STRICT;

CREATE TABLE targets (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    grp   INTEGER NOT NULL REFERENCES areas (id),
    kind  TEXT NOT NULL CHECK (kind IN ('group', 'channel', 'dm')),
    chat  INTEGER UNIQUE REFERENCES chats (id),
    muted INTEGER NOT NULL DEFAULT 0 CHECK (muted IN (0, 1)), rolled INTEGER NOT NULL DEFAULT 0, platform TEXT NOT NULL DEFAULT '',
    CHECK ((kind = 'dm') = (chat IS NULL))
) STRICT;

CREATE UNIQUE INDEX targets_dm ON targets (grp) WHERE kind = 'dm';

CREATE INDEX targets_group ON targets (grp);

CREATE TABLE terms (
  network INTEGER NOT NULL REFERENCES areas (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (network, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
    kind TEXT NOT NULL,
    ref  TEXT NOT NULL,
    at   INTEGER NOT NULL, stretch INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, ref)
) STRICT, WITHOUT ROWID;

CREATE INDEX timers_at ON timers (at);

