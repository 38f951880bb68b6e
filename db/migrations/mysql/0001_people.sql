-- 0001_people.sql
-- Why: Who acts, where, and for whom. Times are UTC microseconds; nothing is NULL but cases.open_slot.
-- Released files are never edited; correct with the next one.

-- Districts, towns, villages. path: "/district/town/village/"; a prefix covers.
CREATE TABLE places (
    code VARCHAR(32) NOT NULL,
    name VARCHAR(255) NOT NULL,
    parent VARCHAR(32) NOT NULL,
    level VARCHAR(64) NOT NULL,
    path VARCHAR(255) NOT NULL,
    PRIMARY KEY (code),
    KEY places_by_path (path, level),
    KEY places_by_parent (parent, code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE people (
    id VARCHAR(64) NOT NULL,
    login VARCHAR(255) NOT NULL, -- lower case
    name VARCHAR(255) NOT NULL,
    phone VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL,
    language VARCHAR(64) NOT NULL,
    active TINYINT NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY people_by_login (login)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A role within a jurisdiction. Ended, never deleted.
CREATE TABLE role_grants (
    id VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    role VARCHAR(64) NOT NULL,
    qualifier VARCHAR(64) NOT NULL,
    place_code VARCHAR(32) NOT NULL,
    place_path VARCHAR(255) NOT NULL,
    granted_at BIGINT NOT NULL,
    granted_by VARCHAR(64) NOT NULL,
    ended_at BIGINT NOT NULL, -- 0: in force
    PRIMARY KEY (id),
    KEY role_grants_by_person (person, ended_at),
    KEY role_grants_by_role (role, place_path),
    KEY role_grants_by_place (place_code),
    FOREIGN KEY (person) REFERENCES people (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE delegations (
    id VARCHAR(64) NOT NULL,
    principal VARCHAR(64) NOT NULL,
    delegate VARCHAR(64) NOT NULL,
    role VARCHAR(64) NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    reason LONGTEXT NOT NULL,
    PRIMARY KEY (id),
    KEY delegations_by_principal (principal),
    KEY delegations_by_delegate (delegate, until_at),
    FOREIGN KEY (principal) REFERENCES people (id),
    FOREIGN KEY (delegate) REFERENCES people (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Declared conflicts of interest.
CREATE TABLE interests (
    id VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    place_code VARCHAR(32) NOT NULL,
    reason LONGTEXT NOT NULL,
    declared_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL, -- 0: in force
    PRIMARY KEY (id),
    KEY interests_by_person (person, place_code),
    FOREIGN KEY (person) REFERENCES people (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
