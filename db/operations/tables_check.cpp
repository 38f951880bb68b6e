#include "db/operations/tables_check.hpp"

#include "cmake/embedded.hpp"
#include "db/kernel/chains.hpp"
#include "db/kernel/database_impl.hpp"
#include "engine/digest.hpp"

#include <cctype>
#include <sstream>

namespace cunmai::db {

namespace {

constexpr int told_max = 100; // of one kind: nobody reads more

// One blank for each stretch of white space, none at the ends.
std::string plain(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool is_space = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!is_space) result += c;
        if (is_space && !result.empty() && result.back() != ' ') result += ' ';
    }
    while (!result.empty() && (result.back() == ' ' || result.back() == ';')) result.pop_back();
    return result;
}

std::string without_comments(std::string_view text) {
    std::istringstream lines{std::string(text)};
    std::string result;
    for (std::string line; std::getline(lines, line);) result += line.substr(0, line.find("--")) + '\n';
    return result;
}

using Triggers = std::map<std::string, std::string>; // name → what it does, in the dialect's words

std::string second_word(const std::string& text) { // of "CREATE TRIGGER name …" without the first word: the name
    std::istringstream words(text);
    std::string word, name;
    words >> word >> name;
    return name;
}

// Every trigger that the migrations make and do not drop. A trigger ends with a line that ends with a semicolon; one
// with a body of statements (SQLite) ends with END.
Triggers triggers_of_migrations(Dialect dialect) {
    const std::string folder = dialect == Dialect::sqlite ? "sqlite/" : "mysql/";
    Triggers triggers;
    for (const auto& [path, file] : embedded::migrations()) {
        if (!path.starts_with(folder)) continue;
        const auto text = without_comments(file);
        for (auto at = text.find(" TRIGGER "); at != std::string::npos; at = text.find(" TRIGGER ", at + 1)) {
            const bool is_made = at >= 6 && text.compare(at - 6, 6, "CREATE") == 0;
            const auto end = text.find(dialect == Dialect::sqlite && is_made ? "END;\n" : ";\n", at);
            const auto length = end - at + (dialect == Dialect::sqlite && is_made ? 3 : 0);
            const auto statement = plain(text.substr(at, length));
            const auto name = second_word(statement);
            if (is_made)
                triggers[name] = dialect == Dialect::sqlite ? plain("CREATE" + text.substr(at, length)) : statement;
            else
                triggers.erase(name);
        }
    }
    return triggers;
}

Triggers triggers_of_database(Connection& connection) {
    Triggers triggers;
    std::string name, text;
    connection.each("triggers", {}, {name, text}, [&] { triggers[name] = plain(text); });
    return triggers;
}

void ask(Connection& connection, std::string_view question, const std::string& kind, Wrongs& wrong) {
    std::string name, what;
    connection.each(question, {{"limit", told_max}}, {name, what}, [&] { wrong.push_back({kind, name, what}); });
}

std::string place_of(const std::string& chain) { return chain.substr(chain.find(':') + 1); }

struct End {
    std::string chain;
    ChainHead head;
};

// The first that is wrong in the chain of one place; nullopt: none.
std::optional<Wrong> wrong_in(const std::vector<ChainedRefusal>& rows, const End* end, const std::string& place,
                              RefusalsChecked& checked) {
    std::vector<ChainedRefusal> before;
    ChainHead head;
    const auto found = [&](const ChainedRefusal& row, const std::string& what) {
        return Wrong{"refusal", row.id, what + " (" + place + ", number " + std::to_string(row.seq) + ")"};
    };
    bool begun = false;
    for (const auto& row : rows) {
        if (row.seq == 0) {
            if (!row.hash.empty()) return found(row, "has a hash but no number");
            before.push_back(row);
            continue;
        }
        if (!std::exchange(begun, true)) head.hash = digest_of(before);
        if (row.seq != head.length + 1)
            return found(row, "comes where number " + std::to_string(head.length + 1) + " is missing");
        if (hash_of(row, head.hash) != row.hash)
            return found(row, head.length == 0 ? "does not match its hash, or those before the chain were changed"
                                               : "does not match its hash");
        head = {row.seq, row.hash};
    }
    if (!begun) head.hash = digest_of(before);
    checked.before_the_chain += static_cast<std::int64_t>(before.size());
    checked.chained += head.length;
    if (!end) return Wrong{"refusals", place, "the end of their chain is missing"};
    if (end->head.length != head.length)
        return Wrong{"refusals", place,
                     "there are " + std::to_string(head.length) + ", their chain ends at number " +
                         std::to_string(end->head.length)};
    if (end->head.hash != head.hash)
        return Wrong{"refusals", place,
                     head.length == 0 ? "those before the chain were changed" : "their chain ends with another hash"};
    return std::nullopt;
}

} // namespace

std::string facts_text(Database& database, const engine::CaseId& id) {
    return database.impl().reading<std::string>([&](Connection& connection) {
        std::string text;
        connection.first("cases.facts_text", {{"id", id}}, {text});
        return text;
    });
}

Wrongs wrong_triggers(Database& database) {
    const auto wanted = triggers_of_migrations(database.impl().dialect());
    const auto there = database.impl().reading<Triggers>(triggers_of_database);
    Wrongs wrong;
    for (const auto& [name, text] : wanted) {
        const auto found = there.find(name);
        if (found == there.end())
            wrong.push_back({"trigger", name, "is missing"});
        else if (found->second != text)
            wrong.push_back({"trigger", name, "does something else: " + found->second});
    }
    for (const auto& [name, text] : there)
        if (!wanted.contains(name)) wrong.push_back({"trigger", name, "is not one of this program: " + text});
    return wrong;
}

Wrongs wrong_migrations(Database& database) {
    const std::string folder = database.is_sqlite() ? "sqlite/" : "mysql/";
    std::map<std::string, std::string> known;
    for (const auto& [path, text] : embedded::migrations())
        if (path.starts_with(folder)) known[std::string(path.substr(folder.size()))] = sha256_hex(text);
    return database.impl().reading<Wrongs>([&](Connection& connection) {
        Wrongs wrong;
        int number = 0, done = 0;
        std::string name, sha256;
        engine::Instant at;
        connection.each("migrations.all", {}, {number, name, sha256, at, done}, [&] {
            const auto file = known.find(name);
            const auto found = [&](const std::string& what) { wrong.push_back({"migration", name, what}); };
            if (file == known.end())
                found("is not one of this program");
            else if (file->second != sha256)
                found("is not the one that was applied");
            else if (done != -1)
                found("was not finished");
            else if (number != std::stoi(name.substr(0, 4)))
                found("has another number");
            if (file != known.end()) known.erase(file);
        });
        for (const auto& [missing, hash] : known) wrong.push_back({"migration", missing, "is not noted as applied"});
        return wrong;
    });
}

Wrongs wrong_counts(Database& database) {
    return database.impl().reading<Wrongs>([](Connection& connection) {
        Wrongs wrong;
        std::string addressee, district;
        connection.each("check.work_counts", {{"limit", told_max}}, {addressee, district}, [&] {
            wrong.push_back({"count", "work_counts " + district + ' ' + addressee, "is not the number of work items"});
        });
        connection.each("check.case_counts", {{"limit", told_max}}, {district}, [&] {
            wrong.push_back({"count", "case_counts " + district, "is not the number of cases"});
        });
        return wrong;
    });
}

Wrongs wrong_documents(Database& database) {
    return database.impl().reading<Wrongs>([](Connection& connection) {
        Wrongs wrong;
        for (const auto* question :
             {"check.document_parts", "check.document_orphans", "check.uploads_without_document",
              "check.documents_without_upload", "check.uploads_before_the_first", "check.uploads_of_nobody"})
            ask(connection, question, "document", wrong);
        return wrong;
    });
}

RefusalsChecked check_refusals(Database& database) {
    RefusalsChecked checked;
    std::set<std::string> places;
    database.impl().read([&](Connection& connection) {
        End end;
        connection.each("chains.of_refusals", {}, {end.chain, end.head.length, end.head.hash},
                        [&] { places.insert(place_of(end.chain)); });
        std::string place;
        connection.each("chains.places_of_refusals", {}, {place}, [&] { places.insert(place); });
    });
    for (const auto& place : places) // each in a snapshot of its own: a long one holds up nobody
        database.impl().read([&](Connection& connection) {
            End end;
            const bool has_end =
                connection.first("chains.end_of", {{"chain", "refusals:" + place}}, {end.head.length, end.head.hash});
            const auto rows =
                connection.all<ChainedRefusal>("chains.refusals_of", {{"place_path", place}}, refusal_outs);
            if (auto wrong = wrong_in(rows, has_end ? &end : nullptr, place, checked))
                checked.wrong.push_back(std::move(*wrong));
        });
    return checked;
}

} // namespace cunmai::db
