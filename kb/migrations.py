"""The tables of the store, as an append-only list of migrations."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kb.db import SchemaMismatch, gate, get_db

library = Migrations("library")


def applied(db: Database) -> list[str]:
    """Names of the migrations that this store has had, oldest first."""
    return [row.name for row in library.applied(db)]


def known() -> list[str]:
    """Names of the migrations that this code has, oldest first."""
    return [migration.name for migration in library._migrations]


def migrate(db: Database) -> list[str]:
    """Bring the store to this code's schema; returns the names of what was applied.

    Raises SchemaMismatch, without a change, where the store is newer than the code.
    """
    with gate(db):
        before = applied(db)
        if not set(before) <= set(known()):
            raise SchemaMismatch(_newer(db))
        library.apply(db)
        return [name for name in applied(db) if name not in before]


def require_current(db: Database) -> None:
    """Raise SchemaMismatch, with what to run, unless store and code agree."""
    if not set(applied(db)) <= set(known()):
        raise SchemaMismatch(_newer(db))
    if not applied(db):
        raise SchemaMismatch("There is no library here yet. Run: flask kb init")
    if applied(db) != known():
        raise SchemaMismatch(
            "The database is of an older version than the program. Run: flask kb migrate"
        )


def open_library() -> Database:
    """The store, for a command that works with the tables of this program.

    Raises SchemaMismatch, with what to run, where it has others.
    """
    db = get_db()
    require_current(db)
    return db


def _newer(db: Database) -> str:
    unknown = ", ".join(name for name in applied(db) if name not in known())
    return (
        f"The database is of a newer version than the program ({unknown}). "
        "Install the newer program, or restore a backup that was made with this one."
    )


@library()
def m0001_places_and_vocabularies(db: Database) -> None:
    """The network's municipalities and the controlled vocabularies."""
    db.executescript("""
    CREATE TABLE municipality (
        code TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        is_member INTEGER NOT NULL CHECK (is_member IN (0, 1)),
        elstat_code TEXT UNIQUE,
        name_el TEXT NOT NULL,
        name_en TEXT NOT NULL,
        official_name_el TEXT NOT NULL,
        official_name_en TEXT NOT NULL,
        genitive_el TEXT NOT NULL,
        region TEXT NOT NULL CHECK (region NOT GLOB '*[^a-z0-9-]*'),
        region_el TEXT NOT NULL,
        region_en TEXT NOT NULL,
        population_2021 INTEGER,
        lat REAL,
        lon REAL,
        category TEXT,
        category_checked INTEGER NOT NULL DEFAULT 0 CHECK (category_checked IN (0, 1)),
        joined TEXT,
        mailbox TEXT
    ) STRICT;
    CREATE TABLE municipality_alias (
        municipality TEXT NOT NULL REFERENCES municipality,
        alias TEXT NOT NULL,
        PRIMARY KEY (municipality, alias)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE vocabulary (
        code TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        name_el TEXT NOT NULL,
        name_en TEXT NOT NULL,
        description_el TEXT NOT NULL,
        description_en TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE term (
        vocabulary TEXT NOT NULL REFERENCES vocabulary,
        code TEXT NOT NULL,
        position INTEGER NOT NULL,
        label_el TEXT NOT NULL,
        label_en TEXT NOT NULL,
        definition_el TEXT NOT NULL DEFAULT '',
        definition_en TEXT NOT NULL DEFAULT '',
        text_el TEXT NOT NULL DEFAULT '',
        text_en TEXT NOT NULL DEFAULT '',
        notation TEXT,
        broader TEXT,
        crosswalk TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (vocabulary, code),
        UNIQUE (vocabulary, notation),
        FOREIGN KEY (vocabulary, broader) REFERENCES term
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE term_synonym (
        vocabulary TEXT NOT NULL,
        code TEXT NOT NULL,
        language TEXT NOT NULL CHECK (language IN ('el', 'en')),
        position INTEGER NOT NULL,
        synonym TEXT NOT NULL,
        PRIMARY KEY (vocabulary, code, language, position),
        FOREIGN KEY (vocabulary, code) REFERENCES term ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    """)


@library()
def m0002_members(db: Database) -> None:
    """People with an account, the links sent to them, their sessions, failed attempts."""
    db.executescript("""
    CREATE TABLE member (
        id INTEGER PRIMARY KEY,
        email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
        name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('contributor', 'moderator', 'administrator')),
        municipality TEXT REFERENCES municipality,
        language TEXT NOT NULL CHECK (language IN ('el', 'en')),
        password_hash TEXT,
        is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
        created_at TEXT NOT NULL,
        CHECK ((role = 'contributor') = (municipality IS NOT NULL))
    ) STRICT;
    -- Only hashes of the secrets are kept: who reads this table can use none of them.
    CREATE TABLE link (
        token_hash TEXT PRIMARY KEY,
        purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'sign_in', 'reset')),
        member_id INTEGER NOT NULL REFERENCES member ON DELETE CASCADE,
        created_by INTEGER REFERENCES member,
        created_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        used_at TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX link_member ON link (member_id, purpose);
    CREATE TABLE session (
        token_hash TEXT PRIMARY KEY,
        member_id INTEGER NOT NULL REFERENCES member ON DELETE CASCADE,
        created_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_member ON session (member_id);
    -- What was tried is kept as a keyed hash: an address or account, never in the clear.
    CREATE TABLE attempt (
        key_hash TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX attempt_key ON attempt (key_hash, at);
    """)


@library()
def m0003_practices(db: Database) -> None:
    """Practices, their drafts, immutable revisions and the moderation log."""
    db.executescript("""
    CREATE TABLE practice (
        id INTEGER PRIMARY KEY,
        submission_key TEXT NOT NULL UNIQUE,
        slug TEXT UNIQUE,
        reference TEXT UNIQUE,
        municipality TEXT NOT NULL REFERENCES municipality,
        status TEXT NOT NULL CHECK (status IN
            ('draft', 'submitted', 'changes_requested', 'published', 'declined', 'archived')),
        status_since TEXT NOT NULL,
        created_by INTEGER REFERENCES member,
        created_at TEXT NOT NULL,
        newest_revision_id INTEGER REFERENCES revision,
        public_revision_id INTEGER REFERENCES revision,
        published_at TEXT,
        evidence_level TEXT CHECK (evidence_level NOT GLOB '*[^a-z0-9-]*'),
        reviewed_on TEXT,
        confirmed_on TEXT,
        CHECK (status NOT IN ('published', 'archived') OR public_revision_id IS NOT NULL),
        CHECK (status IN ('draft') OR newest_revision_id IS NOT NULL),
        CHECK (newest_revision_id IS NULL OR (slug IS NOT NULL AND reference IS NOT NULL))
    ) STRICT;
    CREATE INDEX practice_status ON practice (status, status_since);
    CREATE INDEX practice_municipality ON practice (municipality, status);
    CREATE INDEX practice_public ON practice (public_revision_id);

    -- The working copy. Its version grows with each save, so that a save made on an older one
    -- is noticed and never overwrites silently.
    CREATE TABLE draft (
        practice_id INTEGER PRIMARY KEY REFERENCES practice,
        version INTEGER NOT NULL,
        content TEXT NOT NULL,
        saved_by INTEGER REFERENCES member,
        saved_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE revision (
        id INTEGER PRIMARY KEY,
        practice_id INTEGER NOT NULL REFERENCES practice,
        number INTEGER NOT NULL,
        content TEXT NOT NULL,
        author_id INTEGER REFERENCES member,
        created_at TEXT NOT NULL,
        UNIQUE (practice_id, number)
    ) STRICT;
    CREATE TRIGGER revision_stands BEFORE UPDATE ON revision
    BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;

    -- What search reads of a revision, made from its content when it is written.
    CREATE TABLE revision_text (
        revision_id INTEGER PRIMARY KEY REFERENCES revision ON DELETE CASCADE,
        language TEXT NOT NULL CHECK (language IN ('el', 'en')),
        title_el TEXT NOT NULL,
        title_en TEXT NOT NULL,
        summary_el TEXT NOT NULL,
        summary_en TEXT NOT NULL,
        body_el TEXT NOT NULL,
        body_en TEXT NOT NULL,
        start TEXT NOT NULL CHECK (start NOT GLOB '*[^0-9-]*'),
        completeness INTEGER NOT NULL CHECK (completeness BETWEEN 0 AND 100)
    ) STRICT;
    CREATE TABLE revision_facet (
        revision_id INTEGER NOT NULL REFERENCES revision ON DELETE CASCADE,
        facet TEXT NOT NULL CHECK (facet NOT GLOB '*[^a-z_]*'),
        position INTEGER NOT NULL,
        code TEXT NOT NULL CHECK (code NOT GLOB '*[^a-z0-9-]*'),
        vocabulary TEXT,
        PRIMARY KEY (revision_id, facet, code),
        FOREIGN KEY (vocabulary, code) REFERENCES term
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX revision_facet_code ON revision_facet (facet, code);

    CREATE TABLE moderation_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        practice_id INTEGER NOT NULL REFERENCES practice,
        revision_id INTEGER REFERENCES revision,
        member_id INTEGER REFERENCES member,
        action TEXT NOT NULL,
        status_before TEXT NOT NULL,
        status_after TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '',
        at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX moderation_log_practice ON moderation_log (practice_id, id);
    CREATE TRIGGER moderation_log_stands BEFORE UPDATE ON moderation_log
    BEGIN SELECT RAISE(ABORT, 'the moderation log is only ever added to'); END;
    CREATE TRIGGER moderation_log_stays BEFORE DELETE ON moderation_log
    BEGIN SELECT RAISE(ABORT, 'the moderation log is only ever added to'); END;
    """)


@library()
def m0004_files_mail_and_changes(db: Database) -> None:
    """Attachments, the outbox, feedback, and the change log that the index follows."""
    db.executescript("""
    CREATE TABLE file (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL CHECK (size >= 0),
        created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE attachment (
        id INTEGER PRIMARY KEY,
        practice_id INTEGER NOT NULL REFERENCES practice,
        sha256 TEXT NOT NULL REFERENCES file,
        name TEXT NOT NULL,
        created_by INTEGER REFERENCES member,
        created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX attachment_practice ON attachment (practice_id);

    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        recipient TEXT NOT NULL,
        language TEXT NOT NULL CHECK (language IN ('el', 'en')),
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at TEXT NOT NULL,
        sent_at TEXT,
        error TEXT
    ) STRICT;
    CREATE INDEX outbox_waiting ON outbox (next_at) WHERE sent_at IS NULL;

    CREATE TABLE feedback (
        id INTEGER PRIMARY KEY,
        page TEXT NOT NULL,
        message TEXT NOT NULL,
        email TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT;

    -- practice_id is null where everything may read differently (a label, a municipality).
    CREATE TABLE change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        practice_id INTEGER REFERENCES practice,
        at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX change_practice ON change (practice_id, seq);
    CREATE TABLE index_state (
        name TEXT PRIMARY KEY,
        generation TEXT,
        seq INTEGER NOT NULL DEFAULT 0,
        schema TEXT NOT NULL DEFAULT '',
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """)


# JSON is put together by hand, out of codes and dates that CHECKs keep free of quotes: SQLite
# before 3.41 does not let a view call its JSON functions where trusted_schema is off.
DOCUMENT = """
SELECT
    p.id AS id,
    (SELECT max(seq) FROM change c WHERE c.practice_id = p.id) AS version,
    'practice' AS kind,
    p.slug AS slug,
    x.language AS language,
    x.title_el, x.title_en, x.summary_el, x.summary_en, x.body_el, x.body_en,
    {keywords_el} AS keywords_el,
    {keywords_en} AS keywords_en,
    '{{' || (
        SELECT group_concat('"' || facet || '":[' || codes || ']') FROM (
            SELECT facet, group_concat('"' || code || '"') AS codes
            FROM (SELECT facet, code FROM revision_facet
                  WHERE revision_id = x.revision_id ORDER BY facet, position)
            GROUP BY facet)
    ) || ',"region":["' || m.region || '"],"status":["' || {status} || '"]'
    || coalesce(',"evidence":["' || p.evidence_level || '"]', '') || '}}' AS facets,
    '{{"published":"' || coalesce(p.published_at, '') || '","start":"' || x.start
    || '","completeness":' || x.completeness || '}}' AS sort
FROM {practices} p
JOIN revision_text x ON x.revision_id = {revision}
JOIN municipality m ON m.code = p.municipality
"""

# Labels, synonyms and place names, one a line: what people call the things that a practice only
# holds the codes of.
KEYWORDS = """
(SELECT coalesce(group_concat(word, char(10)), '') FROM (
    SELECT t.label_{lang} AS word
    FROM revision_facet f JOIN term t ON t.vocabulary = f.vocabulary AND t.code = f.code
    WHERE f.revision_id = x.revision_id
    UNION ALL
    SELECT s.synonym
    FROM revision_facet f JOIN term_synonym s ON s.vocabulary = f.vocabulary AND s.code = f.code
    WHERE f.revision_id = x.revision_id AND s.language = '{lang}'
    UNION ALL
    SELECT c.name_{lang} || char(10) || c.official_name_{lang} || char(10) || c.region_{lang}
    FROM revision_facet f JOIN municipality c ON c.code = f.code
    WHERE f.revision_id = x.revision_id AND f.facet = 'municipality'
    UNION ALL
    SELECT a.alias
    FROM revision_facet f JOIN municipality_alias a ON a.municipality = f.code
    WHERE f.revision_id = x.revision_id AND f.facet = 'municipality'
))
"""


@library()
def m0005_documents(db: Database) -> None:
    """The two views that search reads: the single definition of what may be found by whom."""
    keywords = {f"keywords_{lang}": KEYWORDS.format(lang=lang) for lang in ("el", "en")}
    # That an update of a published practice is under review is not for the public to see.
    public = DOCUMENT.format(
        practices="public_practice",
        revision="p.public_revision_id",
        status="'published'",
        **keywords,
    )
    desk = DOCUMENT.format(
        practices="practice", revision="p.newest_revision_id", status="p.status", **keywords
    )
    db.executescript(f"""
    CREATE VIEW public_practice AS
    SELECT * FROM practice WHERE public_revision_id IS NOT NULL AND status <> 'archived';
    CREATE VIEW public_document AS {public};
    CREATE VIEW desk_document AS {desk};
    """)


@library()
def m0006_files(db: Database) -> None:
    """The words of uploaded documents; a file stands once in a practice, whatever its names."""
    db.executescript("""
    CREATE TABLE file_text (
        sha256 TEXT PRIMARY KEY REFERENCES file ON DELETE CASCADE,
        text TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX attachment_once ON attachment (practice_id, sha256);
    CREATE INDEX attachment_file ON attachment (sha256);
    """)


@library()
def m0007_writing(db: Database) -> None:
    """Every save of a draft, so that an earlier text can be found again and restored."""
    db.executescript("""
    CREATE TABLE draft_version (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        practice_id INTEGER NOT NULL REFERENCES practice,
        version INTEGER NOT NULL,
        saved_by INTEGER REFERENCES member,
        saved_at TEXT NOT NULL,
        -- Which open page saved it, and the parts that page has written so far, with their marks.
        page TEXT NOT NULL,
        written TEXT NOT NULL,
        -- Last, because what stands behind a long text is slow to read.
        content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX draft_version_time ON draft_version (practice_id, saved_at, saved_by);
    CREATE INDEX draft_version_page ON draft_version (practice_id, page);
    INSERT INTO draft_version (practice_id, version, content, saved_by, saved_at, page, written)
    SELECT practice_id, version, content, saved_by, saved_at, '', '{}' FROM draft;
    """)


@library()
def m0008_review(db: Database) -> None:
    """Who has what waits, comments on fields, the checklist, times of publishing, taking back."""
    db.executescript("""
    CREATE TABLE assignment (
        practice_id INTEGER PRIMARY KEY REFERENCES practice,
        member_id INTEGER NOT NULL REFERENCES member,
        since TEXT NOT NULL
    ) STRICT;
    CREATE INDEX assignment_member ON assignment (member_id);

    -- What happens in a review besides the transitions of the moderation log.
    CREATE TABLE review_step (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        practice_id INTEGER NOT NULL REFERENCES practice,
        member_id INTEGER REFERENCES member,
        step TEXT NOT NULL,
        to_member_id INTEGER REFERENCES member,
        due TEXT,
        at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX review_step_practice ON review_step (practice_id, id);
    CREATE TRIGGER review_step_stands BEFORE UPDATE ON review_step
    BEGIN SELECT RAISE(ABORT, 'the steps of a review are only ever added to'); END;
    CREATE TRIGGER review_step_stays BEFORE DELETE ON review_step
    BEGIN SELECT RAISE(ABORT, 'the steps of a review are only ever added to'); END;

    -- A thread begins with a comment on a field; answers name the comment that they answer.
    CREATE TABLE comment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        form_key TEXT NOT NULL UNIQUE,
        practice_id INTEGER NOT NULL REFERENCES practice,
        revision_id INTEGER NOT NULL REFERENCES revision,
        field TEXT NOT NULL,
        language TEXT CHECK (language IN ('el', 'en')),
        -- Tells whether the field still reads as it did when the comment was written.
        mark TEXT NOT NULL,
        answers INTEGER REFERENCES comment,
        member_id INTEGER NOT NULL REFERENCES member,
        text TEXT NOT NULL,
        at TEXT NOT NULL,
        resolved_at TEXT,
        resolved_by INTEGER REFERENCES member
    ) STRICT;
    CREATE INDEX comment_practice ON comment (practice_id, id);

    CREATE TABLE review_answer (
        revision_id INTEGER NOT NULL REFERENCES revision,
        criterion TEXT NOT NULL,
        answer TEXT NOT NULL CHECK (answer IN ('yes', 'partly', 'no', 'not-applicable')),
        note TEXT NOT NULL DEFAULT '',
        member_id INTEGER NOT NULL REFERENCES member,
        at TEXT NOT NULL,
        PRIMARY KEY (revision_id, criterion)
    ) STRICT, WITHOUT ROWID;

    -- log_id is the last thing that had happened when it was approved: where more has happened
    -- since, the approval is of no more use.
    CREATE TABLE planned_publication (
        practice_id INTEGER PRIMARY KEY REFERENCES practice,
        revision_id INTEGER NOT NULL REFERENCES revision,
        log_id INTEGER NOT NULL REFERENCES moderation_log,
        member_id INTEGER NOT NULL REFERENCES member,
        evidence_level TEXT,
        due TEXT NOT NULL
    ) STRICT;
    CREATE INDEX planned_publication_due ON planned_publication (due);

    -- What a decision replaced, for as long as it may be taken back.
    CREATE TABLE decision_before (
        log_id INTEGER PRIMARY KEY REFERENCES moderation_log,
        state TEXT NOT NULL
    ) STRICT;
    CREATE INDEX moderation_log_at ON moderation_log (at);
    """)


@library()
def m0010_search_record(db: Database) -> None:
    """What is sought and how often, by the day; nothing about who sought it."""
    db.executescript("""
    CREATE TABLE search_record (
        day TEXT NOT NULL,
        language TEXT NOT NULL CHECK (language IN ('el', 'en')),
        -- As it is compared: small letters without accents.
        query TEXT NOT NULL CHECK (length(query) BETWEEN 1 AND 100),
        found INTEGER NOT NULL CHECK (found IN (0, 1)),
        -- How many practices were found the last time.
        hits INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (day, language, query, found)
    ) STRICT, WITHOUT ROWID;
    """)


@library()
def m0011_chores(db: Database) -> None:
    """When the worker does next what it does now and then."""
    db.executescript("""
    CREATE TABLE chore (
        name TEXT PRIMARY KEY,
        next_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """)


@library()
def m0012_daily_messages(db: Database) -> None:
    """Who wants one message a day, and which messages wait for it."""
    db.executescript("""
    ALTER TABLE member ADD COLUMN daily INTEGER NOT NULL DEFAULT 0 CHECK (daily IN (0, 1));
    ALTER TABLE outbox ADD COLUMN at_once INTEGER NOT NULL DEFAULT 0 CHECK (at_once IN (0, 1));
    -- The message of the day that this one went into. It is never sent by itself then.
    ALTER TABLE outbox ADD COLUMN digest_id INTEGER REFERENCES outbox;

    -- The single definition of what waits for the message of the day. What was tried once may
    -- have arrived, so it goes on by itself.
    CREATE VIEW held_message AS
    SELECT o.id, o.created_at, m.id AS member_id
    FROM outbox o JOIN member m ON m.email = o.recipient
    WHERE m.daily = 1 AND o.at_once = 0 AND o.sent_at IS NULL AND o.attempts = 0;
    """)


@library()
def m0013_authors_and_approval(db: Database) -> None:
    """Who writes a practice together, and the municipality's own approval before the network's."""
    keywords = {f"keywords_{lang}": KEYWORDS.format(lang=lang) for lang in ("el", "en")}
    desk = DOCUMENT.format(
        practices="desk_practice", revision="p.newest_revision_id", status="p.status", **keywords
    )
    db.executescript(f"""
    CREATE TABLE practice_author (
        practice_id INTEGER NOT NULL REFERENCES practice,
        member_id INTEGER NOT NULL REFERENCES member,
        is_lead INTEGER NOT NULL DEFAULT 0 CHECK (is_lead IN (0, 1)),
        since TEXT NOT NULL,
        added_by INTEGER REFERENCES member,
        removed_at TEXT,
        removed_by INTEGER REFERENCES member,
        PRIMARY KEY (practice_id, member_id),
        CHECK (is_lead = 0 OR removed_at IS NULL),
        CHECK ((removed_at IS NULL) = (removed_by IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX practice_author_lead ON practice_author (practice_id) WHERE is_lead = 1;
    CREATE INDEX practice_author_member ON practice_author (member_id);

    -- Whoever began, submitted or saved a practice and may still write for its municipality. What
    -- an import brought in was written by nobody here.
    INSERT INTO practice_author (practice_id, member_id, since)
    SELECT w.practice_id, w.member_id, min(w.at)
    FROM (
        SELECT id AS practice_id, created_by AS member_id, created_at AS at FROM practice
        UNION ALL SELECT practice_id, author_id, created_at FROM revision
        UNION ALL SELECT practice_id, saved_by, saved_at FROM draft
        UNION ALL SELECT practice_id, saved_by, saved_at FROM draft_version
    ) w
    JOIN practice p ON p.id = w.practice_id JOIN member m ON m.id = w.member_id
    WHERE m.municipality = p.municipality
    OR (p.created_by = m.id AND p.submission_key NOT GLOB 'import:*')
    GROUP BY w.practice_id, w.member_id;
    UPDATE practice_author SET is_lead = 1 WHERE (practice_id, member_id) IN (
        SELECT practice_id, member_id FROM (
            SELECT a.practice_id, a.member_id, row_number() OVER (
                PARTITION BY a.practice_id
                ORDER BY coalesce(a.member_id = p.created_by, 0) DESC, a.since, a.member_id
            ) AS place
            FROM practice_author a JOIN practice p ON p.id = a.practice_id)
        WHERE place = 1);

    ALTER TABLE member ADD COLUMN is_coordinator INTEGER NOT NULL DEFAULT 0
        CHECK (is_coordinator IN (0, 1) AND (is_coordinator = 0 OR role = 'contributor'));
    ALTER TABLE municipality ADD COLUMN approves_first INTEGER NOT NULL DEFAULT 0
        CHECK (approves_first IN (0, 1));
    -- What a municipality does by itself, before the network has the revision, is its own affair.
    ALTER TABLE moderation_log ADD COLUMN in_house INTEGER NOT NULL DEFAULT 0
        CHECK (in_house IN (0, 1));

    -- A practice whose newest revision has not gone to the network: it waits for its municipality's
    -- approval, or came back without. before_revision_id is the one that the network had last.
    CREATE TABLE held_back (
        practice_id INTEGER PRIMARY KEY REFERENCES practice,
        revision_id INTEGER NOT NULL REFERENCES revision,
        before_revision_id INTEGER REFERENCES revision
    ) STRICT;
    CREATE TRIGGER held_back_ends AFTER UPDATE OF status ON practice
    WHEN NEW.status IN ('published', 'declined', 'archived')
    BEGIN DELETE FROM held_back WHERE practice_id = NEW.id; END;

    -- What moderators may see: the single definition, as public_practice is of what everybody may.
    CREATE VIEW desk_practice AS
    SELECT * FROM practice WHERE newest_revision_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM held_back h WHERE h.practice_id = practice.id);
    DROP VIEW desk_document;
    CREATE VIEW desk_document AS {desk};
    """)


@library()
def m0014_renewals(db: Database) -> None:
    """The yearly question whether a practice is still true: its rounds, links and answers."""
    db.executescript("""
    -- since is the day that the year was counted from. Once the practice is confirmed or updated,
    -- another day counts: the round is past, without anybody having to close it.
    CREATE TABLE renewal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        practice_id INTEGER NOT NULL REFERENCES practice,
        since TEXT NOT NULL,
        letters INTEGER NOT NULL DEFAULT 0,
        recipient TEXT,
        first_asked_at TEXT,
        last_asked_at TEXT,
        answer TEXT CHECK (answer IN ('confirm', 'edit', 'archive')),
        answered_at TEXT,
        answered_by INTEGER REFERENCES member,
        UNIQUE (practice_id, since),
        CHECK ((answer IS NULL) = (answered_at IS NULL))
    ) STRICT;
    CREATE INDEX renewal_recipient ON renewal (recipient, last_asked_at);

    -- Each letter has a link of its own; only the hash of its secret is kept.
    CREATE TABLE renewal_link (
        token_hash TEXT PRIMARY KEY,
        renewal_id INTEGER NOT NULL REFERENCES renewal,
        expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """)


@library()
def m0015_completeness_as_a_filter(db: Database) -> None:
    """Revisions written before practices could be filtered by how complete they are."""
    db.executescript("""
    INSERT OR IGNORE INTO revision_facet (revision_id, facet, position, code)
    SELECT revision_id, 'completeness', 1000,
        CASE WHEN completeness >= 90 THEN '90' WHEN completeness >= 75 THEN '75'
             WHEN completeness >= 50 THEN '50' ELSE '0' END
    FROM revision_text;
    INSERT INTO change (practice_id, at)
    SELECT NULL, strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE EXISTS (SELECT 1 FROM revision_text);
    """)


@library()
def m0016_maturity(db: Database) -> None:
    """How mature reviewers find a practice, beside how strong its evidence is."""
    db.executescript("""
    ALTER TABLE practice ADD COLUMN maturity TEXT CHECK (maturity NOT GLOB '*[^a-z0-9-]*');
    ALTER TABLE planned_publication ADD COLUMN maturity TEXT;
    """)


@library()
def m0017_steps_of_authors(db: Database) -> None:
    """Who came to write a practice, who went, who became responsible: each step is kept."""
    db.executescript("""
    CREATE TABLE author_step (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        practice_id INTEGER NOT NULL REFERENCES practice,
        member_id INTEGER NOT NULL REFERENCES member,
        action TEXT NOT NULL CHECK (action IN ('add', 'remove', 'lead')),
        done_by INTEGER NOT NULL REFERENCES member,
        at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX author_step_practice ON author_step (practice_id);

    -- What is known so far: of each author only how they came last and whether they went. Whoever
    -- began a practice came to nothing that was there before.
    INSERT INTO author_step (practice_id, member_id, action, done_by, at)
    SELECT practice_id, member_id, action, done_by, at FROM (
        SELECT a.practice_id, a.member_id, 'add' AS action, a.added_by AS done_by, a.since AS at
        FROM practice_author a JOIN practice p ON p.id = a.practice_id
        WHERE a.added_by IS NOT NULL
        AND NOT (a.added_by = a.member_id AND p.created_by IS a.member_id)
        UNION ALL
        SELECT practice_id, member_id, 'remove', removed_by, removed_at
        FROM practice_author WHERE removed_at IS NOT NULL
    ) ORDER BY at;
    """)


# Every name of the municipality that a practice belongs to, one a line.
NAMES = """
(SELECT m.name_el || char(10) || m.name_en || char(10) || m.official_name_el || char(10)
    || m.official_name_en || char(10) || m.genitive_el || coalesce(
        (SELECT char(10) || group_concat(a.alias, char(10))
         FROM municipality_alias a WHERE a.municipality = m.code), '')
 FROM municipality m WHERE m.code = p.municipality)
"""


@library()
def m0018_names_of_owners(db: Database) -> None:
    """What search reads also says whose a practice is: a municipality's own ones stand first."""
    for view in ("public_document", "desk_document"):
        made = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (view,)).fetchone()[0]
        before = made.partition(" AS ")[2]
        db.executescript(f"""
        DROP VIEW {view};
        CREATE VIEW {view} AS
        SELECT d.*, {NAMES} AS names FROM ({before}) d JOIN practice p ON p.id = d.id;
        """)


@library()
def m0019_terms_out_of_use(db: Database) -> None:
    """When an administrator took a term out of use: what has it keeps it, nobody is offered it."""
    db.executescript("ALTER TABLE term ADD COLUMN retired_at TEXT;")
