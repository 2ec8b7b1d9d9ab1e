BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0015');
CREATE TABLE allotment (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	given INTEGER NOT NULL, 
	CONSTRAINT pk_allotment PRIMARY KEY (id), 
	CONSTRAINT uq_allotment_platform_workspace_topic UNIQUE (platform, workspace, topic)
);
INSERT INTO "allotment" VALUES(1,'console','local','4853c9cb68e32617c28c929873560d343b13a15aa2748d27ee965a0029cdf81c',1);
CREATE TABLE "audit" (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	person_id INTEGER, 
	message_id INTEGER, 
	direction TEXT NOT NULL, 
	action TEXT NOT NULL, 
	category TEXT NOT NULL, 
	score DOUBLE, 
	threshold DOUBLE, 
	classifier TEXT NOT NULL, 
	version TEXT NOT NULL, 
	stages JSON NOT NULL, 
	text TEXT, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	review TEXT NOT NULL, 
	context TEXT, 
	reviewed_at DATETIME, 
	reviewer_id INTEGER, 
	CONSTRAINT pk_audit PRIMARY KEY (id), 
	CONSTRAINT fk_audit_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_audit_message_id_message FOREIGN KEY(message_id) REFERENCES message (id), 
	CONSTRAINT fk_audit_reviewer_id_person FOREIGN KEY(reviewer_id) REFERENCES person (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-30 19:58:42.804186',1,1,'prompt','allow','threat',1.18856746703386306762e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.01188567467033863, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(2,'2026-11-30 19:58:43.149595',1,1,'reply','allow','threat',6.04520216584205627441e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.06045202165842056, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(3,'2026-11-30 19:58:43.191601',1,3,'prompt','allow','threat',1.99040099978446960449e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.019904009997844696, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(4,'2026-11-30 19:58:53.065797',1,3,'reply','allow','threat',0.0549047477543354,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.0549047477543354, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(5,'2026-11-30 19:58:53.118031',1,5,'prompt','allow','threat',1.11933788284659385681e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.011193378828465939, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(6,'2026-11-30 19:58:53.216160',1,6,'prompt','allow','threat',2.04237159341573715209e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.02042371593415737, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(7,'2026-11-30 19:58:53.279371',1,7,'prompt','allow','threat',3.28298695385456085205e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.03282986953854561, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(8,'2026-11-30 19:58:58.527087',1,7,'reply','allow','threat',7.62613639235496520996e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.07626136392354965, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(9,'2026-11-30 19:58:58.565395',1,9,'prompt','allow','threat',1.78433973342180252075e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.017843397334218025, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(10,'2026-11-30 19:58:58.608741',1,10,'prompt','allow','threat',9.96950194239616394042e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.09969501942396164, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(11,'2026-11-30 19:58:59.247473',1,11,'prompt','allow','threat',5.519725847989320755e-03,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.005519725847989321, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(12,'2026-11-30 19:58:59.419583',1,12,'prompt','allow','threat',2.79321987181901931762e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.027932198718190193, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(13,'2026-11-30 19:58:59.462327',1,13,'prompt','allow','threat',3.619254380464553833e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.03619254380464554, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(14,'2026-11-30 19:58:59.515543',1,14,'prompt','allow','threat',2.40027569234371185302e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.02400275692343712, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(15,'2026-11-30 19:58:59.555282',1,15,'prompt','allow','threat',7.42245465517044067382e-03,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.007422454655170441, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(16,'2026-11-30 19:59:03.246191',1,16,'prompt','allow','threat',5.519725847989320755e-03,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.005519725847989321, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(17,'2026-11-30 19:59:03.537368',1,17,'prompt','allow','threat',2.34921798110008239746e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.023492179811000824, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(18,'2026-11-30 19:59:03.567935',1,18,'prompt','allow','threat',5.519725847989320755e-03,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.005519725847989321, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(19,'2026-11-30 19:59:03.777833',1,19,'prompt','allow','threat',5.21666221320629119873e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.05216662213206291, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
INSERT INTO "audit" VALUES(20,'2026-11-30 19:59:16.037292',NULL,NULL,'reply','allow','threat',2.92689688503742218017e-02,0.3,'profanity-check+embedded','profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6','[{"stage": "blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "blocklist", "version": "e3b0c44298fc"}, {"stage": "scope-blocklist", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "scope-blocklist", "version": "1"}, {"stage": "topics", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "topics", "version": "tfidf 1"}, {"stage": "confidential", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "confidential", "version": "ea07a89dd9a4"}, {"stage": "toxicity", "action": "allow", "category": "threat", "score": 0.029268968850374222, "threshold": 0.3, "classifier": "profanity-check+embedded", "version": "profanity-check+embedded 1.9.1+e39a6767b032+767de4bee6a6"}, {"stage": "privacy", "action": "allow", "category": "", "score": 0.0, "threshold": 0.0, "classifier": "privacy", "version": "presidio 2.2.366"}]',NULL,'console','local','terminal-root','',NULL,NULL,NULL);
CREATE TABLE board_idea (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	brainstorm_id INTEGER NOT NULL, 
	person_id INTEGER, 
	event_id TEXT, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	merged_into_id INTEGER, 
	created_at DATETIME NOT NULL, number INTEGER DEFAULT '0' NOT NULL, withdrawn_at DATETIME, 
	CONSTRAINT uq_board_idea_brainstorm_id_event_id UNIQUE (brainstorm_id, event_id), 
	CONSTRAINT fk_board_idea_brainstorm_id_brainstorm FOREIGN KEY(brainstorm_id) REFERENCES brainstorm (id), 
	CONSTRAINT fk_board_idea_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_board_idea_merged_into_id_board_idea FOREIGN KEY(merged_into_id) REFERENCES board_idea (id)
);
INSERT INTO "board_idea" VALUES(1,1,1,'7e5ff19686ac4c5ab7399be2b04d78b7','a lid with a felt ring','',NULL,'2026-11-30 19:58:59.433986',1,NULL);
INSERT INTO "board_idea" VALUES(2,1,1,'0da9d3bddb3446498b94d5bfaa8a8b44','a lid that closes slowly','',NULL,'2026-11-30 19:58:59.473994',2,NULL);
INSERT INTO "board_idea" VALUES(3,1,1,'36da1c645b264a269586b3ae70285070','rubber feet under the lid','',NULL,'2026-11-30 19:58:59.526932',3,NULL);
CREATE TABLE board_origin (
	idea_id INTEGER NOT NULL, 
	origin_id INTEGER NOT NULL, 
	CONSTRAINT pk_board_origin PRIMARY KEY (idea_id, origin_id), 
	CONSTRAINT fk_board_origin_idea_id_board_idea FOREIGN KEY(idea_id) REFERENCES board_idea (id), 
	CONSTRAINT fk_board_origin_origin_id_board_idea FOREIGN KEY(origin_id) REFERENCES board_idea (id)
);
CREATE TABLE board_participant (
	id INTEGER NOT NULL, 
	brainstorm_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_board_participant PRIMARY KEY (id), 
	CONSTRAINT uq_board_participant_brainstorm_id_person_id UNIQUE (brainstorm_id, person_id), 
	CONSTRAINT fk_board_participant_brainstorm_id_brainstorm FOREIGN KEY(brainstorm_id) REFERENCES brainstorm (id), 
	CONSTRAINT fk_board_participant_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "board_participant" VALUES(1,1,1,'root');
CREATE TABLE board_vote (
	id INTEGER NOT NULL, 
	brainstorm_id INTEGER NOT NULL, 
	idea_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	slot INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_board_vote PRIMARY KEY (id), 
	CONSTRAINT uq_board_vote_idea_id_person_id UNIQUE (idea_id, person_id), 
	CONSTRAINT uq_board_vote_brainstorm_id_person_id_slot UNIQUE (brainstorm_id, person_id, slot), 
	CONSTRAINT fk_board_vote_brainstorm_id_brainstorm FOREIGN KEY(brainstorm_id) REFERENCES brainstorm (id), 
	CONSTRAINT fk_board_vote_idea_id_board_idea FOREIGN KEY(idea_id) REFERENCES board_idea (id), 
	CONSTRAINT fk_board_vote_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "board_vote" VALUES(1,1,1,1,1,'2026-11-30 19:59:03.554732');
CREATE TABLE brainstorm (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	channel_id INTEGER NOT NULL, 
	thread TEXT NOT NULL, 
	facilitator_id INTEGER, 
	topic TEXT NOT NULL, 
	technique TEXT NOT NULL, 
	phase TEXT NOT NULL, 
	minutes INTEGER NOT NULL, 
	phase_ends_at DATETIME, 
	paused_seconds INTEGER, 
	votes_each INTEGER NOT NULL, 
	is_anonymous BOOLEAN NOT NULL, 
	nudge_hour INTEGER, 
	time_zone TEXT NOT NULL, 
	nudged_on TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, step INTEGER DEFAULT '0' NOT NULL, contributions INTEGER DEFAULT '0' NOT NULL, locale TEXT DEFAULT '' NOT NULL, contributed_at DATETIME, outcome JSON, team TEXT DEFAULT '' NOT NULL, people_first INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT fk_brainstorm_channel_id_channel FOREIGN KEY(channel_id) REFERENCES channel (id), 
	CONSTRAINT fk_brainstorm_facilitator_id_person FOREIGN KEY(facilitator_id) REFERENCES person (id)
);
INSERT INTO "brainstorm" VALUES(1,1,'c9141aa31e4d48f2bd3de6915458eaff',1,'quieter lids','free','ended',5,NULL,NULL,3,1,NULL,'UTC','','2026-11-30 19:58:58.671417','2026-11-30 19:59:03.780606',0,0,'en',NULL,'{"summary": "On “quieter lids”, 1 person and Riff found 3 ideas, which are about closes & feet and felt & ring. “a lid with a felt ring” leads with 1 vote.", "next_steps": ["Decide who takes on “a lid with a felt ring”, and by when.", "Show the board to who was not here: /session export markdown."], "questions": ["“a lid with a felt ring”: The metal of the lid may rust or corrode over time, so it needs regular cleaning. How do we deal with that?", "Nobody voted for closes & feet: is that out, or not ripe yet?", "What would have to be true for “a lid with a felt ring” to work?"]}','',3);
CREATE TABLE "channel" (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	owner_id INTEGER, 
	brand_voice TEXT NOT NULL, 
	use_words JSON NOT NULL, 
	avoid_words JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	voice_examples JSON NOT NULL, 
	voice_proposal JSON, 
	CONSTRAINT pk_channel PRIMARY KEY (id), 
	CONSTRAINT uq_channel_platform_workspace_external_id UNIQUE (platform, workspace, external_id), 
	CONSTRAINT fk_channel_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id)
);
INSERT INTO "channel" VALUES(1,'console','local','terminal-root',1,'','[]','[]','2026-11-30 19:58:42.765158','[]',NULL);
CREATE TABLE conversation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	channel_id INTEGER NOT NULL, 
	external_id TEXT NOT NULL, 
	cleared_through_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT uq_conversation_channel_id_external_id UNIQUE (channel_id, external_id), 
	CONSTRAINT fk_conversation_channel_id_channel FOREIGN KEY(channel_id) REFERENCES channel (id)
);
INSERT INTO "conversation" VALUES(1,1,'c9141aa31e4d48f2bd3de6915458eaff',0,'2026-11-30 19:58:42.767017');
CREATE TABLE counted_prompt (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	asked_at DATETIME NOT NULL, 
	CONSTRAINT pk_counted_prompt PRIMARY KEY (id), 
	CONSTRAINT uq_counted_prompt_message_id UNIQUE (message_id), 
	CONSTRAINT fk_counted_prompt_message_id_message FOREIGN KEY(message_id) REFERENCES message (id), 
	CONSTRAINT fk_counted_prompt_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "counted_prompt" VALUES(1,3,1,'console','local','2026-11-30 19:58:43.194142');
INSERT INTO "counted_prompt" VALUES(2,7,1,'console','local','2026-11-30 19:58:53.281878');
CREATE TABLE feedback (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	idea_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	edited_text TEXT, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (id), 
	CONSTRAINT uq_feedback_person_id_idea_id_kind UNIQUE (person_id, idea_id, kind), 
	CONSTRAINT fk_feedback_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_feedback_idea_id_idea FOREIGN KEY(idea_id) REFERENCES idea (id)
);
INSERT INTO "feedback" VALUES(1,1,1,'like',NULL,'2026-11-30 19:58:53.123481');
INSERT INTO "feedback" VALUES(2,1,2,'save',NULL,'2026-11-30 19:58:53.220319');
CREATE TABLE idea (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	message_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	task TEXT NOT NULL, 
	saved BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT uq_idea_message_id_position UNIQUE (message_id, position), 
	CONSTRAINT fk_idea_message_id_message FOREIGN KEY(message_id) REFERENCES message (id), 
	CONSTRAINT fk_idea_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "idea" VALUES(1,4,1,1,'Pocket card','Print a pocket card with the size and weight of each cup, and hang it beside the coffee machine.','reusable coffee cups','brainstorm',0,'2026-11-30 19:58:53.069880');
INSERT INTO "idea" VALUES(2,4,1,2,'Seasonal edition','Bring out a seasonal version of the coffee cups, such as black and green in January or February.','reusable coffee cups','brainstorm',1,'2026-11-30 19:58:53.069882');
INSERT INTO "idea" VALUES(3,4,1,3,'Limit per person','Set a limit per person for cups with paper and plastic, so that people who drink coffee alone can choose one.','reusable coffee cups','brainstorm',0,'2026-11-30 19:58:53.069883');
INSERT INTO "idea" VALUES(4,8,1,1,'','Your kettle is ready to use, and you can sit down at any time.
Call to action: Try it for ten minutes before your next appointment or night out with friends.','a quiet kettle','copy',0,'2026-11-30 19:58:58.530904');
INSERT INTO "idea" VALUES(5,8,1,2,'','Your kettle is quiet, and you can sit down at any time.
Call to action: Call me if your kettle needs a tune.','a quiet kettle','copy',0,'2026-11-30 19:58:58.530907');
CREATE TABLE identity (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_identity PRIMARY KEY (id), 
	CONSTRAINT uq_identity_platform_workspace_external_id UNIQUE (platform, workspace, external_id), 
	CONSTRAINT fk_identity_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "identity" VALUES(1,1,'console','local','root','2026-11-30 19:58:42.753128');
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	author TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	sent_at DATETIME NOT NULL, 
	payload JSON, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	owner TEXT, 
	leased_until DATETIME, 
	stop_requested BOOLEAN NOT NULL, 
	received_at DATETIME NOT NULL, 
	queued_at DATETIME NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT uq_inbox_platform_event_id UNIQUE (platform, event_id)
);
INSERT INTO "inbox" VALUES(1,'console','local','riff','session-1-diverge','session-1','2026-11-30 19:58:59.252988',NULL,'done',1,NULL,NULL,0,'2026-11-30 19:58:59.263177','2026-11-30 19:58:59.261873','2026-11-30 19:58:59.369280');
INSERT INTO "inbox" VALUES(2,'console','local','riff','session-1-vote','session-1','2026-11-30 19:59:03.248586',NULL,'done',1,NULL,NULL,0,'2026-11-30 19:59:03.256571','2026-11-30 19:59:03.256049','2026-11-30 19:59:03.470100');
INSERT INTO "inbox" VALUES(3,'console','local','riff','session-1-converge','session-1','2026-11-30 19:59:03.570200',NULL,'done',1,NULL,NULL,0,'2026-11-30 19:59:03.577975','2026-11-30 19:59:03.577503','2026-11-30 19:59:03.735298');
INSERT INTO "inbox" VALUES(4,'console','local','riff','session-1-ended','session-1','2026-11-30 19:59:03.780592',NULL,'done',1,NULL,NULL,0,'2026-11-30 19:59:03.788045','2026-11-30 19:59:03.787632','2026-11-30 19:59:16.585383');
CREATE TABLE link_code (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	expires_at DATETIME NOT NULL, 
	name TEXT NOT NULL, 
	workspace_name TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	identity_id INTEGER NOT NULL, 
	entered_by_id INTEGER, 
	CONSTRAINT pk_link_code PRIMARY KEY (id), 
	CONSTRAINT uq_link_code_person_id UNIQUE (person_id), 
	CONSTRAINT uq_link_code_digest UNIQUE (digest), 
	CONSTRAINT fk_link_code_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_link_code_identity_id_identity FOREIGN KEY(identity_id) REFERENCES identity (id), 
	CONSTRAINT fk_link_code_entered_by_id_identity FOREIGN KEY(entered_by_id) REFERENCES identity (id)
);
CREATE TABLE link_try (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	tried_at DATETIME NOT NULL, 
	CONSTRAINT pk_link_try PRIMARY KEY (id), 
	CONSTRAINT fk_link_try_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE linked_account (
	identity_id INTEGER NOT NULL, 
	profile JSON NOT NULL, 
	suggestions JSON NOT NULL, 
	training_consent_at DATETIME, 
	linked_at DATETIME NOT NULL, 
	CONSTRAINT pk_linked_account PRIMARY KEY (identity_id), 
	CONSTRAINT fk_linked_account_identity_id_identity FOREIGN KEY(identity_id) REFERENCES identity (id)
);
CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	conversation_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	event_id TEXT, 
	in_reply_to_id INTEGER, 
	role TEXT NOT NULL, 
	content TEXT NOT NULL, 
	task TEXT NOT NULL, 
	outcome TEXT, 
	model TEXT, 
	latency_ms INTEGER, 
	created_at DATETIME NOT NULL, command TEXT, verb TEXT, is_private BOOLEAN DEFAULT 0 NOT NULL, prompt_version TEXT, 
	CONSTRAINT uq_message_platform_event_id UNIQUE (platform, event_id), 
	CONSTRAINT uq_message_in_reply_to_id UNIQUE (in_reply_to_id), 
	CONSTRAINT fk_message_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id), 
	CONSTRAINT fk_message_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_message_in_reply_to_id_message FOREIGN KEY(in_reply_to_id) REFERENCES message (id)
);
INSERT INTO "message" VALUES(1,1,1,'console','5be26a2e96474d25bf0fa3b68878f2bc',NULL,'user','/profile set interests chess, jazz','','answered','embedded',410,'2026-11-30 19:58:42.770715','profile','set',0,NULL);
INSERT INTO "message" VALUES(2,1,1,'console',NULL,1,'assistant','Done.
What I remember of you:
1. interests: chess, jazz
2. Account on console, root (this one)
3. Thread, your messages: 1, last “/profile set interests chess, jazz”
Forget a line with /profile delete NUMBER; change your wishes with /profile set FIELD VALUE.
The fields are: display-name, role, tone, language, length, audience, interests, brand-voice, use-words, avoid-words.','',NULL,NULL,NULL,'2026-11-30 19:58:43.154166',NULL,NULL,0,NULL);
INSERT INTO "message" VALUES(3,1,1,'console','900393ec1ccf47bf98f3c29a38b1e4ce',NULL,'user','/brainstorm 3 reusable coffee cups','','answered','embedded',9908,'2026-11-30 19:58:43.161475','brainstorm','',0,NULL);
INSERT INTO "message" VALUES(4,1,1,'console',NULL,3,'assistant','1. **Pocket card**: Print a pocket card with the size and weight of each cup, and hang it beside the coffee machine.
2. **Seasonal edition**: Bring out a seasonal version of the coffee cups, such as black and green in January or February.
3. **Limit per person**: Set a limit per person for cups with paper and plastic, so that people who drink coffee alone can choose one.','',NULL,NULL,NULL,'2026-11-30 19:58:53.068738',NULL,NULL,0,'plain/1');
INSERT INTO "message" VALUES(5,1,1,'console','9c08fba6b176418691d5aa219837b36f',NULL,'user','/like 1','','answered',NULL,54,'2026-11-30 19:58:53.077689','like','',0,NULL);
INSERT INTO "message" VALUES(6,1,1,'console','fd145c998eb148dabe5b0321fbb9689c',NULL,'user','/save 2','','answered',NULL,93,'2026-11-30 19:58:53.136532','save','',0,NULL);
INSERT INTO "message" VALUES(7,1,1,'console','3084f5598b96455d974f514ca27037fb',NULL,'user','/copy a quiet kettle','','answered','embedded',5299,'2026-11-30 19:58:53.231644','copy','',0,NULL);
INSERT INTO "message" VALUES(8,1,1,'console',NULL,7,'assistant','1. Your kettle is ready to use, and you can sit down at any time.
   Call to action: Try it for ten minutes before your next appointment or night out with friends.
2. Your kettle is quiet, and you can sit down at any time.
   Call to action: Call me if your kettle needs a tune.','',NULL,NULL,NULL,'2026-11-30 19:58:58.530328',NULL,NULL,0,'plain/1');
INSERT INTO "message" VALUES(9,1,1,'console','6dc05c97ac744f31b639828a6c60f0fd',NULL,'user','/voice set summary calm and short','','answered',NULL,32,'2026-11-30 19:58:58.538505','voice','',0,NULL);
INSERT INTO "message" VALUES(10,1,1,'console','6b34af346e1045e3891a9e6ea3d53665',NULL,'user','/session start quieter lids 5','','answered',NULL,610,'2026-11-30 19:58:58.573115','session','start',0,NULL);
INSERT INTO "message" VALUES(11,1,1,'console','41f97ca159b4411a9a041ac9d9f0c0b5',NULL,'user','/session skip','','answered',NULL,87,'2026-11-30 19:58:59.191717','session','skip',0,NULL);
INSERT INTO "message" VALUES(12,1,1,'console','7e5ff19686ac4c5ab7399be2b04d78b7',NULL,'user','a lid with a felt ring','','answered',NULL,49,'2026-11-30 19:58:59.392048','','',0,NULL);
INSERT INTO "message" VALUES(13,1,1,'console','0da9d3bddb3446498b94d5bfaa8a8b44',NULL,'user','a lid that closes slowly','','answered',NULL,37,'2026-11-30 19:58:59.444706','','',0,NULL);
INSERT INTO "message" VALUES(14,1,1,'console','36da1c645b264a269586b3ae70285070',NULL,'user','rubber feet under the lid','','answered',NULL,48,'2026-11-30 19:58:59.486748','','',0,NULL);
INSERT INTO "message" VALUES(15,1,1,'console','843d7d6597fa423e9fa0ac5e05ee8f00',NULL,'user','/session board','','answered',NULL,3688,'2026-11-30 19:58:59.539389','session','board',0,NULL);
INSERT INTO "message" VALUES(16,1,1,'console','5be7595e35d943e39559601f292c365a',NULL,'user','/session skip','','answered',NULL,19,'2026-11-30 19:59:03.241752','session','skip',0,NULL);
INSERT INTO "message" VALUES(17,1,1,'console','7ce7ab3bb16a4b6a86bf227fc254d4ca',NULL,'user','1','','answered',NULL,37,'2026-11-30 19:59:03.522200','','',0,NULL);
INSERT INTO "message" VALUES(18,1,1,'console','a6fd8cd9ea5f47299067680497b0836b',NULL,'user','/session skip','','answered',NULL,18,'2026-11-30 19:59:03.563876','session','skip',0,NULL);
INSERT INTO "message" VALUES(19,1,1,'console','a861cb5c99f14a62b1930366f3867bb5',NULL,'user','/session end','','answered',NULL,48,'2026-11-30 19:59:03.744290','session','end',0,NULL);
CREATE TABLE person (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	created_at DATETIME NOT NULL
, training_consent_at DATETIME);
INSERT INTO "person" VALUES(1,'2026-11-30 19:58:42.752015',NULL);
CREATE TABLE platform_state (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	name TEXT NOT NULL, 
	value JSON, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_platform_state PRIMARY KEY (id), 
	CONSTRAINT uq_platform_state_platform_name UNIQUE (platform, name)
);
INSERT INTO "platform_state" VALUES(1,'riff','machine start','{"id": "91f2603f-bd04-40f7-9af1-c50a07494a01", "at": "2026-11-30T09:26:00.100192+00:00"}','2026-11-30 19:58:34.218091');
CREATE TABLE profile (
	person_id INTEGER NOT NULL, 
	display_name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	tone TEXT NOT NULL, 
	language TEXT NOT NULL, 
	length TEXT NOT NULL, 
	audience TEXT NOT NULL, 
	brand_voice TEXT NOT NULL, 
	interests JSON NOT NULL, 
	use_words JSON NOT NULL, 
	avoid_words JSON NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_profile PRIMARY KEY (person_id), 
	CONSTRAINT fk_profile_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "profile" VALUES(1,'','','','','','','','["chess", "jazz"]','[]','[]','2026-11-30 19:58:42.818680');
CREATE TABLE prompt_template (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	name TEXT NOT NULL, 
	definition JSON NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_prompt_template PRIMARY KEY (id), 
	CONSTRAINT uq_prompt_template_platform_workspace_name UNIQUE (platform, workspace, name)
);
CREATE TABLE scope_change (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	person_id INTEGER, 
	"key" TEXT NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	CONSTRAINT pk_scope_change PRIMARY KEY (id), 
	CONSTRAINT fk_scope_change_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE scope_settings (
	id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	settings JSON NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_scope_settings PRIMARY KEY (id), 
	CONSTRAINT uq_scope_settings_platform_workspace_channel UNIQUE (platform, workspace, channel)
);
CREATE TABLE suggestion (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	value TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_suggestion PRIMARY KEY (id), 
	CONSTRAINT uq_suggestion_person_id_field UNIQUE (person_id, field), 
	CONSTRAINT fk_suggestion_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE thread_summary (
	conversation_id INTEGER NOT NULL, 
	through_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_thread_summary PRIMARY KEY (conversation_id), 
	CONSTRAINT fk_thread_summary_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id)
);
CREATE TABLE usage (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	day TEXT NOT NULL, 
	prompts INTEGER NOT NULL, 
	ideas INTEGER NOT NULL, 
	characters INTEGER NOT NULL, 
	tokens INTEGER NOT NULL, 
	CONSTRAINT pk_usage PRIMARY KEY (id), 
	CONSTRAINT uq_usage_person_id_platform_workspace_day UNIQUE (person_id, platform, workspace, day), 
	CONSTRAINT fk_usage_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "usage" VALUES(1,1,'console','local','2026-11-30',2,5,653,385);
CREATE INDEX ix_identity_person_id ON identity (person_id);
CREATE INDEX ix_message_conversation_id_id ON message (conversation_id, id);
CREATE INDEX ix_message_person_id ON message (person_id);
CREATE INDEX ix_idea_person_id_id ON idea (person_id, id);
CREATE INDEX ix_feedback_idea_id ON feedback (idea_id);
CREATE INDEX ix_inbox_platform_state_queued_at ON inbox (platform, state, queued_at);
CREATE INDEX ix_inbox_platform_thread_state ON inbox (platform, thread, state);
CREATE INDEX ix_inbox_platform_workspace_author ON inbox (platform, workspace, author);
CREATE INDEX ix_inbox_done_at ON inbox (done_at);
CREATE UNIQUE INDEX uq_brainstorm_running_in_thread ON brainstorm (channel_id, thread) WHERE ended_at IS NULL;
CREATE INDEX ix_brainstorm_ended_at_phase_ends_at ON brainstorm (ended_at, phase_ends_at);
CREATE INDEX ix_brainstorm_facilitator_id ON brainstorm (facilitator_id);
CREATE INDEX ix_board_idea_person_id ON board_idea (person_id);
CREATE INDEX ix_board_idea_merged_into_id ON board_idea (merged_into_id);
CREATE INDEX ix_board_origin_origin_id ON board_origin (origin_id);
CREATE INDEX ix_board_vote_person_id ON board_vote (person_id);
CREATE INDEX ix_scope_change_created_at ON scope_change (created_at);
CREATE INDEX ix_scope_change_person_id ON scope_change (person_id);
CREATE INDEX ix_audit_created_at ON audit (created_at);
CREATE INDEX ix_audit_message_id ON audit (message_id);
CREATE INDEX ix_audit_person_id ON audit (person_id);
CREATE INDEX ix_audit_reviewer_id ON audit (reviewer_id);
CREATE INDEX ix_audit_review_id ON audit (review, id);
CREATE UNIQUE INDEX uq_board_idea_number ON board_idea (brainstorm_id, number);
CREATE INDEX ix_board_participant_person_id ON board_participant (person_id);
CREATE INDEX ix_usage_platform_workspace_day ON usage (platform, workspace, day);
CREATE INDEX ix_counted_prompt_person_id_asked_at ON counted_prompt (person_id, asked_at);
CREATE INDEX ix_counted_prompt_platform_workspace_asked_at ON counted_prompt (platform, workspace, asked_at);
CREATE INDEX ix_channel_owner_id ON channel (owner_id);
CREATE INDEX ix_link_code_identity_id ON link_code (identity_id);
CREATE INDEX ix_link_code_entered_by_id ON link_code (entered_by_id);
CREATE INDEX ix_link_try_person_id_tried_at ON link_try (person_id, tried_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('person',1);
INSERT INTO "sqlite_sequence" VALUES('conversation',1);
INSERT INTO "sqlite_sequence" VALUES('message',19);
INSERT INTO "sqlite_sequence" VALUES('idea',5);
INSERT INTO "sqlite_sequence" VALUES('brainstorm',1);
INSERT INTO "sqlite_sequence" VALUES('board_idea',3);
COMMIT;
