CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.allotment (
    id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    topic text NOT NULL,
    given bigint NOT NULL
);
CREATE SEQUENCE public.allotment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.allotment_id_seq OWNED BY public.allotment.id;
CREATE TABLE public.audit (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    person_id bigint,
    message_id bigint,
    direction text NOT NULL,
    action text NOT NULL,
    category text NOT NULL,
    score double precision,
    threshold double precision,
    classifier text NOT NULL,
    version text NOT NULL,
    stages json NOT NULL,
    text text,
    platform text NOT NULL,
    workspace text NOT NULL,
    channel text NOT NULL,
    review text NOT NULL,
    context text,
    reviewed_at timestamp with time zone,
    reviewer_id bigint
);
CREATE SEQUENCE public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_id_seq OWNED BY public.audit.id;
CREATE TABLE public.board_idea (
    id bigint NOT NULL,
    brainstorm_id bigint NOT NULL,
    person_id bigint,
    event_id text,
    title text NOT NULL,
    body text NOT NULL,
    merged_into_id bigint,
    created_at timestamp with time zone NOT NULL,
    number bigint DEFAULT '0'::bigint NOT NULL,
    withdrawn_at timestamp with time zone
);
CREATE SEQUENCE public.board_idea_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.board_idea_id_seq OWNED BY public.board_idea.id;
CREATE TABLE public.board_origin (
    idea_id bigint NOT NULL,
    origin_id bigint NOT NULL
);
CREATE TABLE public.board_participant (
    id bigint NOT NULL,
    brainstorm_id bigint NOT NULL,
    person_id bigint NOT NULL,
    name text NOT NULL
);
CREATE SEQUENCE public.board_participant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.board_participant_id_seq OWNED BY public.board_participant.id;
CREATE TABLE public.board_vote (
    id bigint NOT NULL,
    brainstorm_id bigint NOT NULL,
    idea_id bigint NOT NULL,
    person_id bigint NOT NULL,
    slot bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.board_vote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.board_vote_id_seq OWNED BY public.board_vote.id;
CREATE TABLE public.brainstorm (
    id bigint NOT NULL,
    channel_id bigint NOT NULL,
    thread text NOT NULL,
    facilitator_id bigint,
    topic text NOT NULL,
    technique text NOT NULL,
    phase text NOT NULL,
    minutes bigint NOT NULL,
    phase_ends_at timestamp with time zone,
    paused_seconds bigint,
    votes_each bigint NOT NULL,
    is_anonymous boolean NOT NULL,
    nudge_hour bigint,
    time_zone text NOT NULL,
    nudged_on text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    step bigint DEFAULT '0'::bigint NOT NULL,
    contributions bigint DEFAULT '0'::bigint NOT NULL,
    locale text DEFAULT ''::text NOT NULL,
    contributed_at timestamp with time zone,
    outcome json,
    team text DEFAULT ''::text NOT NULL,
    people_first bigint DEFAULT 0 NOT NULL
);
CREATE SEQUENCE public.brainstorm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.brainstorm_id_seq OWNED BY public.brainstorm.id;
CREATE TABLE public.channel (
    id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    external_id text NOT NULL,
    owner_id bigint,
    brand_voice text NOT NULL,
    use_words json NOT NULL,
    avoid_words json NOT NULL,
    created_at timestamp with time zone NOT NULL,
    voice_examples json NOT NULL,
    voice_proposal json
);
CREATE SEQUENCE public.channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.channel_id_seq OWNED BY public.channel.id;
CREATE TABLE public.conversation (
    id bigint NOT NULL,
    channel_id bigint NOT NULL,
    external_id text NOT NULL,
    cleared_through_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.conversation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.conversation_id_seq OWNED BY public.conversation.id;
CREATE TABLE public.counted_prompt (
    id bigint NOT NULL,
    message_id bigint NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    asked_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.counted_prompt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.counted_prompt_id_seq OWNED BY public.counted_prompt.id;
CREATE TABLE public.feedback (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    idea_id bigint NOT NULL,
    kind text NOT NULL,
    edited_text text,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.feedback_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.feedback_id_seq OWNED BY public.feedback.id;
CREATE TABLE public.idea (
    id bigint NOT NULL,
    message_id bigint NOT NULL,
    person_id bigint NOT NULL,
    "position" bigint NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    topic text NOT NULL,
    task text NOT NULL,
    saved boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.idea_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.idea_id_seq OWNED BY public.idea.id;
CREATE TABLE public.identity (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    external_id text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.identity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.identity_id_seq OWNED BY public.identity.id;
CREATE TABLE public.inbox (
    id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    author text NOT NULL,
    event_id text NOT NULL,
    thread text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    payload json,
    state text NOT NULL,
    attempts bigint NOT NULL,
    owner text,
    leased_until timestamp with time zone,
    stop_requested boolean NOT NULL,
    received_at timestamp with time zone NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone
);
CREATE SEQUENCE public.inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.inbox_id_seq OWNED BY public.inbox.id;
CREATE TABLE public.link_code (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    digest text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    name text NOT NULL,
    workspace_name text NOT NULL,
    locale text NOT NULL,
    identity_id bigint NOT NULL,
    entered_by_id bigint
);
CREATE SEQUENCE public.link_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.link_code_id_seq OWNED BY public.link_code.id;
CREATE TABLE public.link_try (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    tried_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.link_try_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.link_try_id_seq OWNED BY public.link_try.id;
CREATE TABLE public.linked_account (
    identity_id bigint NOT NULL,
    profile json NOT NULL,
    suggestions json NOT NULL,
    training_consent_at timestamp with time zone,
    linked_at timestamp with time zone NOT NULL
);
CREATE TABLE public.message (
    id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    event_id text,
    in_reply_to_id bigint,
    role text NOT NULL,
    content text NOT NULL,
    task text NOT NULL,
    outcome text,
    model text,
    latency_ms bigint,
    created_at timestamp with time zone NOT NULL,
    command text,
    verb text,
    is_private boolean DEFAULT false NOT NULL,
    prompt_version text
);
CREATE SEQUENCE public.message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.message_id_seq OWNED BY public.message.id;
CREATE TABLE public.person (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    training_consent_at timestamp with time zone
);
CREATE SEQUENCE public.person_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.person_id_seq OWNED BY public.person.id;
CREATE TABLE public.platform_state (
    id bigint NOT NULL,
    platform text NOT NULL,
    name text NOT NULL,
    value json,
    updated_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.platform_state_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.platform_state_id_seq OWNED BY public.platform_state.id;
CREATE TABLE public.profile (
    person_id bigint NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL,
    tone text NOT NULL,
    language text NOT NULL,
    length text NOT NULL,
    audience text NOT NULL,
    brand_voice text NOT NULL,
    interests json NOT NULL,
    use_words json NOT NULL,
    avoid_words json NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.prompt_template (
    id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    name text NOT NULL,
    definition json NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.prompt_template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.prompt_template_id_seq OWNED BY public.prompt_template.id;
CREATE TABLE public.scope_change (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    channel text NOT NULL,
    person_id bigint,
    key text NOT NULL,
    before json,
    after json
);
CREATE SEQUENCE public.scope_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.scope_change_id_seq OWNED BY public.scope_change.id;
CREATE TABLE public.scope_settings (
    id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    channel text NOT NULL,
    settings json NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.scope_settings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.scope_settings_id_seq OWNED BY public.scope_settings.id;
CREATE TABLE public.suggestion (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    answer text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.suggestion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.suggestion_id_seq OWNED BY public.suggestion.id;
CREATE TABLE public.thread_summary (
    conversation_id bigint NOT NULL,
    through_id bigint NOT NULL,
    text text NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.usage (
    id bigint NOT NULL,
    person_id bigint NOT NULL,
    platform text NOT NULL,
    workspace text NOT NULL,
    day text NOT NULL,
    prompts bigint NOT NULL,
    ideas bigint NOT NULL,
    characters bigint NOT NULL,
    tokens bigint NOT NULL
);
CREATE SEQUENCE public.usage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.usage_id_seq OWNED BY public.usage.id;
ALTER TABLE ONLY public.allotment ALTER COLUMN id SET DEFAULT nextval('public.allotment_id_seq'::regclass);
ALTER TABLE ONLY public.audit ALTER COLUMN id SET DEFAULT nextval('public.audit_id_seq'::regclass);
ALTER TABLE ONLY public.board_idea ALTER COLUMN id SET DEFAULT nextval('public.board_idea_id_seq'::regclass);
ALTER TABLE ONLY public.board_participant ALTER COLUMN id SET DEFAULT nextval('public.board_participant_id_seq'::regclass);
ALTER TABLE ONLY public.board_vote ALTER COLUMN id SET DEFAULT nextval('public.board_vote_id_seq'::regclass);
ALTER TABLE ONLY public.brainstorm ALTER COLUMN id SET DEFAULT nextval('public.brainstorm_id_seq'::regclass);
ALTER TABLE ONLY public.channel ALTER COLUMN id SET DEFAULT nextval('public.channel_id_seq'::regclass);
ALTER TABLE ONLY public.conversation ALTER COLUMN id SET DEFAULT nextval('public.conversation_id_seq'::regclass);
ALTER TABLE ONLY public.counted_prompt ALTER COLUMN id SET DEFAULT nextval('public.counted_prompt_id_seq'::regclass);
ALTER TABLE ONLY public.feedback ALTER COLUMN id SET DEFAULT nextval('public.feedback_id_seq'::regclass);
ALTER TABLE ONLY public.idea ALTER COLUMN id SET DEFAULT nextval('public.idea_id_seq'::regclass);
ALTER TABLE ONLY public.identity ALTER COLUMN id SET DEFAULT nextval('public.identity_id_seq'::regclass);
ALTER TABLE ONLY public.inbox ALTER COLUMN id SET DEFAULT nextval('public.inbox_id_seq'::regclass);
ALTER TABLE ONLY public.link_code ALTER COLUMN id SET DEFAULT nextval('public.link_code_id_seq'::regclass);
ALTER TABLE ONLY public.link_try ALTER COLUMN id SET DEFAULT nextval('public.link_try_id_seq'::regclass);
ALTER TABLE ONLY public.message ALTER COLUMN id SET DEFAULT nextval('public.message_id_seq'::regclass);
ALTER TABLE ONLY public.person ALTER COLUMN id SET DEFAULT nextval('public.person_id_seq'::regclass);
ALTER TABLE ONLY public.platform_state ALTER COLUMN id SET DEFAULT nextval('public.platform_state_id_seq'::regclass);
ALTER TABLE ONLY public.prompt_template ALTER COLUMN id SET DEFAULT nextval('public.prompt_template_id_seq'::regclass);
ALTER TABLE ONLY public.scope_change ALTER COLUMN id SET DEFAULT nextval('public.scope_change_id_seq'::regclass);
ALTER TABLE ONLY public.scope_settings ALTER COLUMN id SET DEFAULT nextval('public.scope_settings_id_seq'::regclass);
ALTER TABLE ONLY public.suggestion ALTER COLUMN id SET DEFAULT nextval('public.suggestion_id_seq'::regclass);
ALTER TABLE ONLY public.usage ALTER COLUMN id SET DEFAULT nextval('public.usage_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0015');
INSERT INTO public.allotment VALUES (1, 'console', 'local', '4853c9cb68e32617c28c929873560d343b13a15aa2748d27ee965a0029cdf81c', 1);
INSERT INTO public.audit VALUES (1, '2026-11-30 19:58:42.804186+00', 1, 1, 'prompt', 'allow', 'threat', 0.01188567467033863, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.01188567467033863, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (2, '2026-11-30 19:58:43.149595+00', 1, 1, 'reply', 'allow', 'threat', 0.06045202165842056, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.06045202165842056, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (3, '2026-11-30 19:58:43.191601+00', 1, 3, 'prompt', 'allow', 'threat', 0.019904009997844696, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.019904009997844696, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (4, '2026-11-30 19:58:53.065797+00', 1, 3, 'reply', 'allow', 'threat', 0.0549047477543354, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.0549047477543354, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (5, '2026-11-30 19:58:53.118031+00', 1, 5, 'prompt', 'allow', 'threat', 0.011193378828465939, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.011193378828465939, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (6, '2026-11-30 19:58:53.21616+00', 1, 6, 'prompt', 'allow', 'threat', 0.02042371593415737, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.02042371593415737, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (7, '2026-11-30 19:58:53.279371+00', 1, 7, 'prompt', 'allow', 'threat', 0.03282986953854561, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.03282986953854561, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (8, '2026-11-30 19:58:58.527087+00', 1, 7, 'reply', 'allow', 'threat', 0.07626136392354965, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.07626136392354965, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (9, '2026-11-30 19:58:58.565395+00', 1, 9, 'prompt', 'allow', 'threat', 0.017843397334218025, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.017843397334218025, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (10, '2026-11-30 19:58:58.608741+00', 1, 10, 'prompt', 'allow', 'threat', 0.09969501942396164, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.09969501942396164, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (11, '2026-11-30 19:58:59.247473+00', 1, 11, 'prompt', 'allow', 'threat', 0.005519725847989321, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.005519725847989321, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (12, '2026-11-30 19:58:59.419583+00', 1, 12, 'prompt', 'allow', 'threat', 0.027932198718190193, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.027932198718190193, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (13, '2026-11-30 19:58:59.462327+00', 1, 13, 'prompt', 'allow', 'threat', 0.03619254380464554, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.03619254380464554, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (14, '2026-11-30 19:58:59.515543+00', 1, 14, 'prompt', 'allow', 'threat', 0.02400275692343712, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.02400275692343712, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (15, '2026-11-30 19:58:59.555282+00', 1, 15, 'prompt', 'allow', 'threat', 0.007422454655170441, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.007422454655170441, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (16, '2026-11-30 19:59:03.246191+00', 1, 16, 'prompt', 'allow', 'threat', 0.005519725847989321, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.005519725847989321, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (17, '2026-11-30 19:59:03.537368+00', 1, 17, 'prompt', 'allow', 'threat', 0.023492179811000824, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.023492179811000824, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (18, '2026-11-30 19:59:03.567935+00', 1, 18, 'prompt', 'allow', 'threat', 0.005519725847989321, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.005519725847989321, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (19, '2026-11-30 19:59:03.777833+00', 1, 19, 'prompt', 'allow', 'threat', 0.05216662213206291, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.05216662213206291, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.audit VALUES (20, '2026-11-30 19:59:16.037292+00', NULL, NULL, 'reply', 'allow', 'threat', 0.029268968850374222, 0.3, 'profanity-check+embedded', 'profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6', '[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.029268968850374222, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]', NULL, 'console', 'local', 'terminal-root', '', NULL, NULL, NULL);
INSERT INTO public.board_idea VALUES (1, 1, 1, '7e5ff19686ac4c5ab7399be2b04d78b7', 'a lid with a felt ring', '', NULL, '2026-11-30 19:58:59.433986+00', 1, NULL);
INSERT INTO public.board_idea VALUES (2, 1, 1, '0da9d3bddb3446498b94d5bfaa8a8b44', 'a lid that closes slowly', '', NULL, '2026-11-30 19:58:59.473994+00', 2, NULL);
INSERT INTO public.board_idea VALUES (3, 1, 1, '36da1c645b264a269586b3ae70285070', 'rubber feet under the lid', '', NULL, '2026-11-30 19:58:59.526932+00', 3, NULL);
INSERT INTO public.board_participant VALUES (1, 1, 1, 'root');
INSERT INTO public.board_vote VALUES (1, 1, 1, 1, 1, '2026-11-30 19:59:03.554732+00');
INSERT INTO public.brainstorm VALUES (1, 1, 'c9141aa31e4d48f2bd3de6915458eaff', 1, 'quieter lids', 'free', 'ended', 5, NULL, NULL, 3, true, NULL, 'UTC', '', '2026-11-30 19:58:58.671417+00', '2026-11-30 19:59:03.780606+00', 0, 0, 'en', NULL, '{"summary": "On “quieter lids”, 1 person and Riff found 3 ideas, which are about closes & feet and felt & ring. “a lid with a felt ring” leads with 1 vote.", "next_steps": ["Decide who takes on “a lid with a felt ring”, and by when.", "Show the board to who was not here: /session export markdown."], "questions": ["“a lid with a felt ring”: The metal of the lid may rust or corrode over time, so it needs regular cleaning. How do we deal with that?", "Nobody voted for closes & feet: is that out, or not ripe yet?", "What would have to be true for “a lid with a felt ring” to work?"]}', '', 3);
INSERT INTO public.channel VALUES (1, 'console', 'local', 'terminal-root', 1, '', '[]', '[]', '2026-11-30 19:58:42.765158+00', '[]', NULL);
INSERT INTO public.conversation VALUES (1, 1, 'c9141aa31e4d48f2bd3de6915458eaff', 0, '2026-11-30 19:58:42.767017+00');
INSERT INTO public.counted_prompt VALUES (1, 3, 1, 'console', 'local', '2026-11-30 19:58:43.194142+00');
INSERT INTO public.counted_prompt VALUES (2, 7, 1, 'console', 'local', '2026-11-30 19:58:53.281878+00');
INSERT INTO public.feedback VALUES (1, 1, 1, 'like', NULL, '2026-11-30 19:58:53.123481+00');
INSERT INTO public.feedback VALUES (2, 1, 2, 'save', NULL, '2026-11-30 19:58:53.220319+00');
INSERT INTO public.idea VALUES (1, 4, 1, 1, 'Pocket card', 'Print a pocket card with the size and weight of each cup, and hang it beside the coffee machine.', 'reusable coffee cups', 'brainstorm', false, '2026-11-30 19:58:53.06988+00');
INSERT INTO public.idea VALUES (2, 4, 1, 2, 'Seasonal edition', 'Bring out a seasonal version of the coffee cups, such as black and green in January or February.', 'reusable coffee cups', 'brainstorm', true, '2026-11-30 19:58:53.069882+00');
INSERT INTO public.idea VALUES (3, 4, 1, 3, 'Limit per person', 'Set a limit per person for cups with paper and plastic, so that people who drink coffee alone can choose one.', 'reusable coffee cups', 'brainstorm', false, '2026-11-30 19:58:53.069883+00');
INSERT INTO public.idea VALUES (4, 8, 1, 1, '', 'Your kettle is ready to use, and you can sit down at any time.
Call to action: Try it for ten minutes before your next appointment or night out with friends.', 'a quiet kettle', 'copy', false, '2026-11-30 19:58:58.530904+00');
INSERT INTO public.idea VALUES (5, 8, 1, 2, '', 'Your kettle is quiet, and you can sit down at any time.
Call to action: Call me if your kettle needs a tune.', 'a quiet kettle', 'copy', false, '2026-11-30 19:58:58.530907+00');
INSERT INTO public.identity VALUES (1, 1, 'console', 'local', 'root', '2026-11-30 19:58:42.753128+00');
INSERT INTO public.inbox VALUES (1, 'console', 'local', 'riff', 'session-1-diverge', 'session-1', '2026-11-30 19:58:59.252988+00', NULL, 'done', 1, NULL, NULL, false, '2026-11-30 19:58:59.263177+00', '2026-11-30 19:58:59.261873+00', '2026-11-30 19:58:59.36928+00');
INSERT INTO public.inbox VALUES (2, 'console', 'local', 'riff', 'session-1-vote', 'session-1', '2026-11-30 19:59:03.248586+00', NULL, 'done', 1, NULL, NULL, false, '2026-11-30 19:59:03.256571+00', '2026-11-30 19:59:03.256049+00', '2026-11-30 19:59:03.4701+00');
INSERT INTO public.inbox VALUES (3, 'console', 'local', 'riff', 'session-1-converge', 'session-1', '2026-11-30 19:59:03.5702+00', NULL, 'done', 1, NULL, NULL, false, '2026-11-30 19:59:03.577975+00', '2026-11-30 19:59:03.577503+00', '2026-11-30 19:59:03.735298+00');
INSERT INTO public.inbox VALUES (4, 'console', 'local', 'riff', 'session-1-ended', 'session-1', '2026-11-30 19:59:03.780592+00', NULL, 'done', 1, NULL, NULL, false, '2026-11-30 19:59:03.788045+00', '2026-11-30 19:59:03.787632+00', '2026-11-30 19:59:16.585383+00');
INSERT INTO public.message VALUES (1, 1, 1, 'console', '5be26a2e96474d25bf0fa3b68878f2bc', NULL, 'user', '/profile set interests chess, jazz', '', 'answered', 'embedded', 410, '2026-11-30 19:58:42.770715+00', 'profile', 'set', false, NULL);
INSERT INTO public.message VALUES (3, 1, 1, 'console', '900393ec1ccf47bf98f3c29a38b1e4ce', NULL, 'user', '/brainstorm 3 reusable coffee cups', '', 'answered', 'embedded', 9908, '2026-11-30 19:58:43.161475+00', 'brainstorm', '', false, NULL);
INSERT INTO public.message VALUES (5, 1, 1, 'console', '9c08fba6b176418691d5aa219837b36f', NULL, 'user', '/like 1', '', 'answered', NULL, 54, '2026-11-30 19:58:53.077689+00', 'like', '', false, NULL);
INSERT INTO public.message VALUES (6, 1, 1, 'console', 'fd145c998eb148dabe5b0321fbb9689c', NULL, 'user', '/save 2', '', 'answered', NULL, 93, '2026-11-30 19:58:53.136532+00', 'save', '', false, NULL);
INSERT INTO public.message VALUES (7, 1, 1, 'console', '3084f5598b96455d974f514ca27037fb', NULL, 'user', '/copy a quiet kettle', '', 'answered', 'embedded', 5299, '2026-11-30 19:58:53.231644+00', 'copy', '', false, NULL);
INSERT INTO public.message VALUES (9, 1, 1, 'console', '6dc05c97ac744f31b639828a6c60f0fd', NULL, 'user', '/voice set summary calm and short', '', 'answered', NULL, 32, '2026-11-30 19:58:58.538505+00', 'voice', '', false, NULL);
INSERT INTO public.message VALUES (10, 1, 1, 'console', '6b34af346e1045e3891a9e6ea3d53665', NULL, 'user', '/session start quieter lids 5', '', 'answered', NULL, 610, '2026-11-30 19:58:58.573115+00', 'session', 'start', false, NULL);
INSERT INTO public.message VALUES (11, 1, 1, 'console', '41f97ca159b4411a9a041ac9d9f0c0b5', NULL, 'user', '/session skip', '', 'answered', NULL, 87, '2026-11-30 19:58:59.191717+00', 'session', 'skip', false, NULL);
INSERT INTO public.message VALUES (12, 1, 1, 'console', '7e5ff19686ac4c5ab7399be2b04d78b7', NULL, 'user', 'a lid with a felt ring', '', 'answered', NULL, 49, '2026-11-30 19:58:59.392048+00', '', '', false, NULL);
INSERT INTO public.message VALUES (13, 1, 1, 'console', '0da9d3bddb3446498b94d5bfaa8a8b44', NULL, 'user', 'a lid that closes slowly', '', 'answered', NULL, 37, '2026-11-30 19:58:59.444706+00', '', '', false, NULL);
INSERT INTO public.message VALUES (14, 1, 1, 'console', '36da1c645b264a269586b3ae70285070', NULL, 'user', 'rubber feet under the lid', '', 'answered', NULL, 48, '2026-11-30 19:58:59.486748+00', '', '', false, NULL);
INSERT INTO public.message VALUES (15, 1, 1, 'console', '843d7d6597fa423e9fa0ac5e05ee8f00', NULL, 'user', '/session board', '', 'answered', NULL, 3688, '2026-11-30 19:58:59.539389+00', 'session', 'board', false, NULL);
INSERT INTO public.message VALUES (16, 1, 1, 'console', '5be7595e35d943e39559601f292c365a', NULL, 'user', '/session skip', '', 'answered', NULL, 19, '2026-11-30 19:59:03.241752+00', 'session', 'skip', false, NULL);
INSERT INTO public.message VALUES (17, 1, 1, 'console', '7ce7ab3bb16a4b6a86bf227fc254d4ca', NULL, 'user', '1', '', 'answered', NULL, 37, '2026-11-30 19:59:03.5222+00', '', '', false, NULL);
INSERT INTO public.message VALUES (18, 1, 1, 'console', 'a6fd8cd9ea5f47299067680497b0836b', NULL, 'user', '/session skip', '', 'answered', NULL, 18, '2026-11-30 19:59:03.563876+00', 'session', 'skip', false, NULL);
INSERT INTO public.message VALUES (19, 1, 1, 'console', 'a861cb5c99f14a62b1930366f3867bb5', NULL, 'user', '/session end', '', 'answered', NULL, 48, '2026-11-30 19:59:03.74429+00', 'session', 'end', false, NULL);
INSERT INTO public.message VALUES (2, 1, 1, 'console', NULL, 1, 'assistant', 'Done.
What I remember of you:
1. interests: chess, jazz
2. Account on console, root (this one)
3. Thread, your messages: 1, last “/profile set interests chess, jazz”
Forget a line with /profile delete NUMBER; change your wishes with /profile set FIELD VALUE.
The fields are: display-name, role, tone, language, length, audience, interests, brand-voice, use-words, avoid-words.', '', NULL, NULL, NULL, '2026-11-30 19:58:43.154166+00', NULL, NULL, false, NULL);
INSERT INTO public.message VALUES (4, 1, 1, 'console', NULL, 3, 'assistant', '1. **Pocket card**: Print a pocket card with the size and weight of each cup, and hang it beside the coffee machine.
2. **Seasonal edition**: Bring out a seasonal version of the coffee cups, such as black and green in January or February.
3. **Limit per person**: Set a limit per person for cups with paper and plastic, so that people who drink coffee alone can choose one.', '', NULL, NULL, NULL, '2026-11-30 19:58:53.068738+00', NULL, NULL, false, 'plain/1');
INSERT INTO public.message VALUES (8, 1, 1, 'console', NULL, 7, 'assistant', '1. Your kettle is ready to use, and you can sit down at any time.
   Call to action: Try it for ten minutes before your next appointment or night out with friends.
2. Your kettle is quiet, and you can sit down at any time.
   Call to action: Call me if your kettle needs a tune.', '', NULL, NULL, NULL, '2026-11-30 19:58:58.530328+00', NULL, NULL, false, 'plain/1');
INSERT INTO public.person VALUES (1, '2026-11-30 19:58:42.752015+00', NULL);
INSERT INTO public.platform_state VALUES (1, 'riff', 'machine start', '{"id": "91f2603f-bd04-40f7-9af1-c50a07494a01", "at": "2026-11-30T09:26:00.100192+00:00"}', '2026-11-30 19:58:34.218091+00');
INSERT INTO public.profile VALUES (1, '', '', '', '', '', '', '', '["chess", "jazz"]', '[]', '[]', '2026-11-30 19:58:42.81868+00');
INSERT INTO public.usage VALUES (1, 1, 'console', 'local', '2026-11-30', 2, 5, 653, 385);
SELECT pg_catalog.setval('public.allotment_id_seq', 2, false);
SELECT pg_catalog.setval('public.audit_id_seq', 21, false);
SELECT pg_catalog.setval('public.board_idea_id_seq', 4, false);
SELECT pg_catalog.setval('public.board_participant_id_seq', 2, false);
SELECT pg_catalog.setval('public.board_vote_id_seq', 2, false);
SELECT pg_catalog.setval('public.brainstorm_id_seq', 2, false);
SELECT pg_catalog.setval('public.channel_id_seq', 2, false);
SELECT pg_catalog.setval('public.conversation_id_seq', 2, false);
SELECT pg_catalog.setval('public.counted_prompt_id_seq', 3, false);
SELECT pg_catalog.setval('public.feedback_id_seq', 3, false);
SELECT pg_catalog.setval('public.idea_id_seq', 6, false);
SELECT pg_catalog.setval('public.identity_id_seq', 2, false);
SELECT pg_catalog.setval('public.inbox_id_seq', 5, false);
SELECT pg_catalog.setval('public.link_code_id_seq', 1, false);
SELECT pg_catalog.setval('public.link_try_id_seq', 1, false);
SELECT pg_catalog.setval('public.message_id_seq', 20, false);
SELECT pg_catalog.setval('public.person_id_seq', 2, false);
SELECT pg_catalog.setval('public.platform_state_id_seq', 2, false);
SELECT pg_catalog.setval('public.prompt_template_id_seq', 1, false);
SELECT pg_catalog.setval('public.scope_change_id_seq', 1, false);
SELECT pg_catalog.setval('public.scope_settings_id_seq', 1, false);
SELECT pg_catalog.setval('public.suggestion_id_seq', 1, false);
SELECT pg_catalog.setval('public.usage_id_seq', 2, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.allotment
    ADD CONSTRAINT pk_allotment PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (id);
ALTER TABLE ONLY public.board_idea
    ADD CONSTRAINT pk_board_idea PRIMARY KEY (id);
ALTER TABLE ONLY public.board_origin
    ADD CONSTRAINT pk_board_origin PRIMARY KEY (idea_id, origin_id);
ALTER TABLE ONLY public.board_participant
    ADD CONSTRAINT pk_board_participant PRIMARY KEY (id);
ALTER TABLE ONLY public.board_vote
    ADD CONSTRAINT pk_board_vote PRIMARY KEY (id);
ALTER TABLE ONLY public.brainstorm
    ADD CONSTRAINT pk_brainstorm PRIMARY KEY (id);
ALTER TABLE ONLY public.channel
    ADD CONSTRAINT pk_channel PRIMARY KEY (id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT pk_conversation PRIMARY KEY (id);
ALTER TABLE ONLY public.counted_prompt
    ADD CONSTRAINT pk_counted_prompt PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT pk_feedback PRIMARY KEY (id);
ALTER TABLE ONLY public.idea
    ADD CONSTRAINT pk_idea PRIMARY KEY (id);
ALTER TABLE ONLY public.identity
    ADD CONSTRAINT pk_identity PRIMARY KEY (id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (id);
ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT pk_link_code PRIMARY KEY (id);
ALTER TABLE ONLY public.link_try
    ADD CONSTRAINT pk_link_try PRIMARY KEY (id);
ALTER TABLE ONLY public.linked_account
    ADD CONSTRAINT pk_linked_account PRIMARY KEY (identity_id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT pk_message PRIMARY KEY (id);
ALTER TABLE ONLY public.person
    ADD CONSTRAINT pk_person PRIMARY KEY (id);
ALTER TABLE ONLY public.platform_state
    ADD CONSTRAINT pk_platform_state PRIMARY KEY (id);
ALTER TABLE ONLY public.profile
    ADD CONSTRAINT pk_profile PRIMARY KEY (person_id);
ALTER TABLE ONLY public.prompt_template
    ADD CONSTRAINT pk_prompt_template PRIMARY KEY (id);
ALTER TABLE ONLY public.scope_change
    ADD CONSTRAINT pk_scope_change PRIMARY KEY (id);
ALTER TABLE ONLY public.scope_settings
    ADD CONSTRAINT pk_scope_settings PRIMARY KEY (id);
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT pk_suggestion PRIMARY KEY (id);
ALTER TABLE ONLY public.thread_summary
    ADD CONSTRAINT pk_thread_summary PRIMARY KEY (conversation_id);
ALTER TABLE ONLY public.usage
    ADD CONSTRAINT pk_usage PRIMARY KEY (id);
ALTER TABLE ONLY public.allotment
    ADD CONSTRAINT uq_allotment_platform_workspace_topic UNIQUE (platform, workspace, topic);
ALTER TABLE ONLY public.board_idea
    ADD CONSTRAINT uq_board_idea_brainstorm_id_event_id UNIQUE (brainstorm_id, event_id);
ALTER TABLE ONLY public.board_participant
    ADD CONSTRAINT uq_board_participant_brainstorm_id_person_id UNIQUE (brainstorm_id, person_id);
ALTER TABLE ONLY public.board_vote
    ADD CONSTRAINT uq_board_vote_brainstorm_id_person_id_slot UNIQUE (brainstorm_id, person_id, slot);
ALTER TABLE ONLY public.board_vote
    ADD CONSTRAINT uq_board_vote_idea_id_person_id UNIQUE (idea_id, person_id);
ALTER TABLE ONLY public.channel
    ADD CONSTRAINT uq_channel_platform_workspace_external_id UNIQUE (platform, workspace, external_id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT uq_conversation_channel_id_external_id UNIQUE (channel_id, external_id);
ALTER TABLE ONLY public.counted_prompt
    ADD CONSTRAINT uq_counted_prompt_message_id UNIQUE (message_id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT uq_feedback_person_id_idea_id_kind UNIQUE (person_id, idea_id, kind);
ALTER TABLE ONLY public.idea
    ADD CONSTRAINT uq_idea_message_id_position UNIQUE (message_id, "position");
ALTER TABLE ONLY public.identity
    ADD CONSTRAINT uq_identity_platform_workspace_external_id UNIQUE (platform, workspace, external_id);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT uq_inbox_platform_event_id UNIQUE (platform, event_id);
ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT uq_link_code_digest UNIQUE (digest);
ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT uq_link_code_person_id UNIQUE (person_id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT uq_message_in_reply_to_id UNIQUE (in_reply_to_id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT uq_message_platform_event_id UNIQUE (platform, event_id);
ALTER TABLE ONLY public.platform_state
    ADD CONSTRAINT uq_platform_state_platform_name UNIQUE (platform, name);
ALTER TABLE ONLY public.prompt_template
    ADD CONSTRAINT uq_prompt_template_platform_workspace_name UNIQUE (platform, workspace, name);
ALTER TABLE ONLY public.scope_settings
    ADD CONSTRAINT uq_scope_settings_platform_workspace_channel UNIQUE (platform, workspace, channel);
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT uq_suggestion_person_id_field UNIQUE (person_id, field);
ALTER TABLE ONLY public.usage
    ADD CONSTRAINT uq_usage_person_id_platform_workspace_day UNIQUE (person_id, platform, workspace, day);
CREATE INDEX ix_audit_created_at ON public.audit USING btree (created_at);
CREATE INDEX ix_audit_message_id ON public.audit USING btree (message_id);
CREATE INDEX ix_audit_person_id ON public.audit USING btree (person_id);
CREATE INDEX ix_audit_review_id ON public.audit USING btree (review, id);
CREATE INDEX ix_audit_reviewer_id ON public.audit USING btree (reviewer_id);
CREATE INDEX ix_board_idea_merged_into_id ON public.board_idea USING btree (merged_into_id);
CREATE INDEX ix_board_idea_person_id ON public.board_idea USING btree (person_id);
CREATE INDEX ix_board_origin_origin_id ON public.board_origin USING btree (origin_id);
CREATE INDEX ix_board_participant_person_id ON public.board_participant USING btree (person_id);
CREATE INDEX ix_board_vote_person_id ON public.board_vote USING btree (person_id);
CREATE INDEX ix_brainstorm_ended_at_phase_ends_at ON public.brainstorm USING btree (ended_at, phase_ends_at);
CREATE INDEX ix_brainstorm_facilitator_id ON public.brainstorm USING btree (facilitator_id);
CREATE INDEX ix_channel_owner_id ON public.channel USING btree (owner_id);
CREATE INDEX ix_counted_prompt_person_id_asked_at ON public.counted_prompt USING btree (person_id, asked_at);
CREATE INDEX ix_counted_prompt_platform_workspace_asked_at ON public.counted_prompt USING btree (platform, workspace, asked_at);
CREATE INDEX ix_feedback_idea_id ON public.feedback USING btree (idea_id);
CREATE INDEX ix_idea_person_id_id ON public.idea USING btree (person_id, id);
CREATE INDEX ix_identity_person_id ON public.identity USING btree (person_id);
CREATE INDEX ix_inbox_done_at ON public.inbox USING btree (done_at);
CREATE INDEX ix_inbox_platform_state_queued_at ON public.inbox USING btree (platform, state, queued_at);
CREATE INDEX ix_inbox_platform_thread_state ON public.inbox USING btree (platform, thread, state);
CREATE INDEX ix_inbox_platform_workspace_author ON public.inbox USING btree (platform, workspace, author);
CREATE INDEX ix_link_code_entered_by_id ON public.link_code USING btree (entered_by_id);
CREATE INDEX ix_link_code_identity_id ON public.link_code USING btree (identity_id);
CREATE INDEX ix_link_try_person_id_tried_at ON public.link_try USING btree (person_id, tried_at);
CREATE INDEX ix_message_conversation_id_id ON public.message USING btree (conversation_id, id);
CREATE INDEX ix_message_person_id ON public.message USING btree (person_id);
CREATE INDEX ix_scope_change_created_at ON public.scope_change USING btree (created_at);
CREATE INDEX ix_scope_change_person_id ON public.scope_change USING btree (person_id);
CREATE INDEX ix_usage_platform_workspace_day ON public.usage USING btree (platform, workspace, day);
CREATE UNIQUE INDEX uq_board_idea_number ON public.board_idea USING btree (brainstorm_id, number);
CREATE UNIQUE INDEX uq_brainstorm_running_in_thread ON public.brainstorm USING btree (channel_id, thread) WHERE (ended_at IS NULL);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT fk_audit_message_id_message FOREIGN KEY (message_id) REFERENCES public.message(id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT fk_audit_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT fk_audit_reviewer_id_person FOREIGN KEY (reviewer_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.board_idea
    ADD CONSTRAINT fk_board_idea_brainstorm_id_brainstorm FOREIGN KEY (brainstorm_id) REFERENCES public.brainstorm(id);
ALTER TABLE ONLY public.board_idea
    ADD CONSTRAINT fk_board_idea_merged_into_id_board_idea FOREIGN KEY (merged_into_id) REFERENCES public.board_idea(id);
ALTER TABLE ONLY public.board_idea
    ADD CONSTRAINT fk_board_idea_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.board_origin
    ADD CONSTRAINT fk_board_origin_idea_id_board_idea FOREIGN KEY (idea_id) REFERENCES public.board_idea(id);
ALTER TABLE ONLY public.board_origin
    ADD CONSTRAINT fk_board_origin_origin_id_board_idea FOREIGN KEY (origin_id) REFERENCES public.board_idea(id);
ALTER TABLE ONLY public.board_participant
    ADD CONSTRAINT fk_board_participant_brainstorm_id_brainstorm FOREIGN KEY (brainstorm_id) REFERENCES public.brainstorm(id);
ALTER TABLE ONLY public.board_participant
    ADD CONSTRAINT fk_board_participant_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.board_vote
    ADD CONSTRAINT fk_board_vote_brainstorm_id_brainstorm FOREIGN KEY (brainstorm_id) REFERENCES public.brainstorm(id);
ALTER TABLE ONLY public.board_vote
    ADD CONSTRAINT fk_board_vote_idea_id_board_idea FOREIGN KEY (idea_id) REFERENCES public.board_idea(id);
ALTER TABLE ONLY public.board_vote
    ADD CONSTRAINT fk_board_vote_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.brainstorm
    ADD CONSTRAINT fk_brainstorm_channel_id_channel FOREIGN KEY (channel_id) REFERENCES public.channel(id);
ALTER TABLE ONLY public.brainstorm
    ADD CONSTRAINT fk_brainstorm_facilitator_id_person FOREIGN KEY (facilitator_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.channel
    ADD CONSTRAINT fk_channel_owner_id_person FOREIGN KEY (owner_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.conversation
    ADD CONSTRAINT fk_conversation_channel_id_channel FOREIGN KEY (channel_id) REFERENCES public.channel(id);
ALTER TABLE ONLY public.counted_prompt
    ADD CONSTRAINT fk_counted_prompt_message_id_message FOREIGN KEY (message_id) REFERENCES public.message(id);
ALTER TABLE ONLY public.counted_prompt
    ADD CONSTRAINT fk_counted_prompt_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT fk_feedback_idea_id_idea FOREIGN KEY (idea_id) REFERENCES public.idea(id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT fk_feedback_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.idea
    ADD CONSTRAINT fk_idea_message_id_message FOREIGN KEY (message_id) REFERENCES public.message(id);
ALTER TABLE ONLY public.idea
    ADD CONSTRAINT fk_idea_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.identity
    ADD CONSTRAINT fk_identity_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT fk_link_code_entered_by_id_identity FOREIGN KEY (entered_by_id) REFERENCES public.identity(id);
ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT fk_link_code_identity_id_identity FOREIGN KEY (identity_id) REFERENCES public.identity(id);
ALTER TABLE ONLY public.link_code
    ADD CONSTRAINT fk_link_code_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.link_try
    ADD CONSTRAINT fk_link_try_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.linked_account
    ADD CONSTRAINT fk_linked_account_identity_id_identity FOREIGN KEY (identity_id) REFERENCES public.identity(id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_conversation_id_conversation FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_in_reply_to_id_message FOREIGN KEY (in_reply_to_id) REFERENCES public.message(id);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.profile
    ADD CONSTRAINT fk_profile_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.scope_change
    ADD CONSTRAINT fk_scope_change_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.suggestion
    ADD CONSTRAINT fk_suggestion_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
ALTER TABLE ONLY public.thread_summary
    ADD CONSTRAINT fk_thread_summary_conversation_id_conversation FOREIGN KEY (conversation_id) REFERENCES public.conversation(id);
ALTER TABLE ONLY public.usage
    ADD CONSTRAINT fk_usage_person_id_person FOREIGN KEY (person_id) REFERENCES public.person(id);
