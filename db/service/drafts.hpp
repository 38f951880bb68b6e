// What was typed and not yet submitted.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

// Indicator answers while they are being filled in. One draft per case, last writer wins per indicator.
class Drafts {
  public:
    explicit Drafts(Database& database) : database_(database) {}
    Json get(const engine::CaseId& id); // {"ORG-01": {"value":3,"note":"","evidence":["sha256"]} …}; empty object: none
    void save(const engine::CaseId& id, const Json& changed, const engine::PersonId& by,
              engine::Instant at); // merges; null removes
    void remove(const engine::CaseId& id);

  private:
    Database& database_;
};

} // namespace cunmai::db
