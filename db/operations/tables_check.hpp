// What `cunmai verify` looks at in the database beside the cases: the triggers that keep the record from being changed,
// the migrations, what triggers have counted, the parts of documents, the chains of refused commands and of
// administration. Reads only.
#pragma once

#include "db/kernel/database.hpp"

#include <vector>

namespace cunmai::db {

struct Wrong {
    std::string kind; // message: cli.verify.thing.<kind>
    std::string name; // which one
    std::string what;
};
using Wrongs = std::vector<Wrong>;

struct RefusalsChecked {
    std::int64_t chained = 0, before_the_chain = 0;
    Wrongs wrong; // at most one a place
};

struct AdministrationChecked {
    std::int64_t events = 0, before_the_chain = 0;
    Wrongs wrong; // the first of the chain, and each row that it does not lead to
};

std::string facts_text(Database& database, const engine::CaseId& id); // of the case's row, as it is stored
Wrongs wrong_triggers(Database& database);   // one of ours is missing or another one, or there is a foreign one
Wrongs wrong_migrations(Database& database); // not the ones of this program
Wrongs wrong_counts(Database& database);     // of work items and cases, for totals of lists
Wrongs wrong_documents(Database& database);  // size, parts and uploads that do not fit each other; not the content
RefusalsChecked check_refusals(Database& database);
AdministrationChecked check_administration(Database& database);

} // namespace cunmai::db
