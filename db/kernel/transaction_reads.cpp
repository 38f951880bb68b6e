// What a command reads: the case, who acts, what its guards want to know.
#include "db/kernel/ballot_seal.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/paths.hpp"
#include "db/kernel/rule_in_force.hpp"
#include "db/kernel/transaction.hpp"
#include "engine/digest.hpp"

#include <algorithm>

namespace cunmai::db {

using namespace engine;

Json SqlTransaction::rule(std::string_view key) {
    const auto today = to_text(local_date(clock_.now())); // a cached rule is good for one day
    return known<Json>("rule/" + std::string(key) + ' ' + today,
                       [&] { return rule_in_force(connection_, key, today); });
}

std::vector<Holder> SqlTransaction::holders(std::string_view role, std::string_view place_path) {
    const auto key = "holders/" + std::string(role) + ' ' + std::string(place_path);
    return known<std::vector<Holder>>(key, [&] {
        SqlText text(connection_.sql("people.holders"));
        text.param({"role", role}).list("path", prefixes_of(place_path)).add(connection_.sql("people.holders_end"));
        return connection_.all_text<Holder>(text.text(), text.params(), [](Holder& holder) {
            return Outs{holder.person, holder.role, holder.qualifier, holder.place_path};
        });
    });
}

std::vector<Holder> SqlTransaction::roles_of(const PersonId& person) {
    std::vector<Holder> roles;
    for (auto& grant : grants(person))
        roles.push_back(
            {std::move(grant.person), std::move(grant.role), std::move(grant.qualifier), std::move(grant.place_path)});
    return roles;
}

bool SqlTransaction::declared_interest(const PersonId& person, std::string_view place_code, engine::Instant since) {
    const auto last = known<std::optional<engine::Instant>>(
        "interest/" + person.text + ' ' + std::string(place_code), [&]() -> std::optional<engine::Instant> {
            engine::Instant until;
            if (!connection_.first("people.last_interest", {{"person", person}, {"place_code", place_code}}, {until}))
                return std::nullopt;
            return until;
        });
    return last && (last->micros == 0 || *last > since);
}

std::vector<LinkedCase> SqlTransaction::linked_cases(const std::set<CaseId>& ids) {
    std::vector<std::string> texts;
    for (const auto& id : ids) {
        connection_.settle(id.text);
        texts.push_back(id.text);
    }
    std::vector<LinkedCase> cases;
    if (texts.empty()) return cases;
    SqlText text(connection_.sql("cases.linked"));
    text.list("id", texts).add(connection_.sql(connection_.writing() ? "cases.linked_locked_end" : "cases.linked_end"));
    LinkedCase one;
    std::string facts;
    connection_.each_fresh(text.text(), text.params(), {one.id, one.definition, one.state, one.place_path, facts}, [&] {
        one.facts = parsed(facts, "the facts of a linked case");
        cases.push_back(one);
    });
    return cases;
}

std::optional<std::string> SqlTransaction::document(std::string_view sha256) {
    if (auto known = known_documents_.content(std::string(sha256), clock_.now())) return known;
    std::string content, chunk;
    connection_.each("knowledge.document_chunks", {{"sha256", sha256}}, {chunk}, [&] {
        const auto bytes = from_base64(chunk);
        if (!bytes) throw std::runtime_error("document " + std::string(sha256) + " is damaged");
        content += *bytes;
    });
    if (content.empty() && documents_there({std::string(sha256)}).empty()) return std::nullopt;
    return content;
}

std::set<std::string> SqlTransaction::documents_there(const std::set<std::string>& sha256s) {
    constexpr std::size_t sha256s_per_query = 500;
    std::set<std::string> there;
    std::vector<std::string> some;
    std::string found;
    const auto now = clock_.now();
    const auto look = [&] {
        if (some.empty()) return;
        SqlText text(connection_.sql("knowledge.documents_there"));
        text.list("sha256", std::exchange(some, {}));
        if (connection_.writing()) text.add(connection_.sql("knowledge.documents_there_locked_end"));
        connection_.each_text(text.text(), text.params(), {found}, [&] { there.insert(found); });
    };
    for (const auto& sha256 : sha256s) {
        if (known_documents_.has(sha256, now))
            there.insert(sha256);
        else
            some.push_back(sha256);
        if (some.size() == sha256s_per_query) look();
    }
    look();
    return there;
}

Json SqlTransaction::box_tally(const CaseId& id, std::string_view box, const std::vector<PersonId>& without) {
    const BallotSeal seal(secret_, id.text, box);
    Json tally = Json::object();
    PersonId person;
    std::string sealed;
    connection_.each("cases.box", {{"case_id", id}, {"box", box}}, {person, sealed}, [&] {
        if (std::find(without.begin(), without.end(), person) != without.end()) return;
        auto& count = tally[seal.open(sealed)];
        count = count.is_null() ? 1 : count.get<int>() + 1;
    });
    return tally;
}

std::optional<CaseRow> SqlTransaction::load(const CaseId& id) {
    std::optional<CaseRow> row;
    connection_.settle(id.text);
    auto* prefetched = connection_.prefetched();
    if (auto node = prefetched ? prefetched->cases.extract(id.text) : decltype(prefetched->cases)::node_type{}) {
        row = std::move(node.mapped());
    } else {
        CaseReader reader;
        const auto* name = connection_.writing() ? "cases.load_locked" : "cases.load";
        if (connection_.first_fresh(name, {{"id", id}}, reader.outs())) row = reader.row();
    }
    if (row && connection_.writing()) locked_versions_[id.text] = row->version;
    return row;
}

std::optional<Place> SqlTransaction::place(std::string_view code) {
    Place place;
    if (!connection_.first("places.find", {{"code", code}},
                           {place.code, place.name, place.parent, place.level, place.path}))
        return std::nullopt;
    return place;
}

std::vector<Grant> SqlTransaction::grants(const PersonId& person) {
    return known<std::vector<Grant>>("grants/" + person.text, [&] {
        return connection_.all<Grant>("people.grants_in_force", {{"person", person}}, [](Grant& grant) {
            return Outs{grant.person, grant.role, grant.qualifier, grant.place_path};
        });
    });
}

std::vector<Delegation> SqlTransaction::delegations_to(const PersonId& delegate, Instant at) {
    auto all = known<std::vector<Delegation>>("delegations/" + delegate.text, [&] {
        return connection_.all<Delegation>("people.delegations_by_delegate", {{"delegate", delegate}},
                                           [](Delegation& d) {
                                               return Outs{d.principal, d.delegate, d.role, d.from, d.until};
                                           });
    });
    std::erase_if(all, [&](const Delegation& d) { return d.from > at || d.until <= at; });
    return all;
}

std::vector<std::string> SqlTransaction::commands_since(const CaseId& id, std::int64_t version, int limit) {
    return connection_.all<std::string>("cases.commands_since",
                                        {{"case_id", id}, {"version", version}, {"limit", limit}},
                                        [](std::string& command) { return Outs{command}; });
}

bool SqlTransaction::has_open_case(std::string_view definition, std::string_view place_code) {
    int one = 0;
    return connection_.first("cases.open_at_place", {{"definition", definition}, {"place_code", place_code}}, {one});
}

std::vector<CaseId> SqlTransaction::open_children(const CaseId& parent) {
    return connection_.all<CaseId>("cases.open_children", {{"parent", parent}}, [](CaseId& id) { return Outs{id}; });
}

std::optional<StoredReply> SqlTransaction::reply(const PersonId& actor, std::string_view key) {
    std::optional<StoredReply> waiting; // the reply of an earlier command in this batch
    connection_.each_waiting(reply_row, [&](const Params& row) {
        if (std::get<std::string>(row[0].value) == actor.text && std::get<std::string>(row[1].value) == key)
            waiting = StoredReply{std::get<std::string>(row[3].value),
                                  parsed(std::get<std::string>(row[4].value), "a kept reply's values")};
    });
    if (waiting) return waiting;
    if (auto* prefetched = connection_.prefetched())
        if (prefetched->unused_keys.erase({actor.text, std::string(key)}) > 0) return std::nullopt;
    const Params key_of_actor{{"actor", actor}, {"command_key", key}};
    std::optional<std::string> body_hash, outcome;
    if (connection_.writing() && !connection_.has_asked_for_knowledge_name()) { // the name is needed next
        std::optional<std::string> name;
        connection_.first_fresh("cases.reply_and_state", key_of_actor, {name, body_hash, outcome});
        connection_.keep_knowledge_name(name.value_or(""));
    } else {
        connection_.first_fresh("cases.reply", key_of_actor, {body_hash, outcome});
    }
    if (!body_hash) return std::nullopt;
    return StoredReply{*body_hash, parsed(*outcome, "a kept reply's values")};
}

} // namespace cunmai::db
