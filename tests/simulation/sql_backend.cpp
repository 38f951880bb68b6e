#include "tests/simulation/sql_backend.hpp"

#include "db/cases/cases.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/operations/definitions.hpp"
#include "db/operations/migrations.hpp"
#include "db/people/people.hpp"
#include "db/service/documents.hpp"
#include "db/service/rules.hpp"
#include "tests/simulation/officers.hpp"

#include <sstream>

namespace cunmai::simulation {

using namespace engine;

void settle_world(db::Database& database) {
    db::migrate(database);
    db::check_definitions(database, world().registry.all());
    std::vector<Place> places; // parents first
    for (const auto* level : {"district", "town", "village"})
        for (const auto& [code, place] : world().places)
            if (place.level == level) places.push_back(place);
    db::Places(database).import(places, false);

    db::People people(database);
    for (const auto& id : world().people) {
        db::Person person;
        person.id = id;
        person.login = person.name = id.text;
        people.add(person);
    }
    int number = 0;
    const auto place_of = [&](const std::string& path) {
        for (const auto& place : places)
            if (place.path == path) return place;
        throw std::logic_error("no place at " + path);
    };
    for (const auto& one : world().grants) {
        const auto place = place_of(one.place_path);
        people.add_grant({"g" + std::to_string(++number),
                          one.person,
                          one.role,
                          one.qualifier,
                          place.code,
                          place.path,
                          place.name,
                          first_day,
                          {"root"}});
    }
    for (const auto& one : world().delegations) people.add_delegation({"d" + std::to_string(++number), one, ""});
    for (const auto& [person, place] : world().interests)
        people.add_interest({"i" + std::to_string(++number), person, place, "示例", first_day});
    db::Rules rules(database);
    for (const auto& [key, value] : world().rules) rules.set(key, value, {"root"}, first_day);
    db::Documents documents(database);
    for (const auto& [sha256, content] : world().documents) {
        std::istringstream in(content);
        documents.add(in, "a.txt", "text/plain", {"root"}, first_day, 10'000'000);
    }
}

void move_in(db::Database& database, const Tables& tables) {
    for (const auto& entry : tables.rows)
        database.write([&](Transaction& tx) {
            const auto& [id, row] = entry;
            tx.insert(row);
            for (auto at = tables.events.lower_bound({id, 0}); at != tables.events.end() && at->first.first == id;
                 ++at) {
                tx.append(at->second);
                if (const auto named = documents_named(at->second.payload); !named.empty())
                    tx.link_documents(id, named);
            }
            if (const auto tasks = tables.tasks.find(id); tasks != tables.tasks.end()) tx.set_tasks(row, tasks->second);
            std::vector<Timer> timers;
            for (auto at = tables.timers.lower_bound({id, ""}); at != tables.timers.end() && at->first.first == id;
                 ++at)
                timers.push_back(at->second.timer);
            if (!timers.empty()) tx.add_timers(row, timers);
            for (const auto& [key, choice] : tables.boxes)
                if (std::get<0>(key) == id) tx.box_put(id, std::get<1>(key), std::get<2>(key), choice);
        });
}

std::vector<ClaimedTimer> SqlBackend::claim_timers(int limit, Instant now, int lease_seconds) {
    std::vector<ClaimedTimer> claimed;
    for (const auto& timer : timers_.claim(limit, now, lease_seconds))
        claimed.push_back({timer.case_id, timer.key, timer.command});
    return claimed;
}

std::vector<ClaimedNotice> SqlBackend::claim_notices(int limit, Instant now, int lease_seconds) {
    std::vector<ClaimedNotice> claimed;
    for (const auto& item : outbox_.claim(limit, now, lease_seconds))
        claimed.push_back({item.id,
                           item.lease,
                           item.case_id,
                           item.place_path,
                           {item.topic, item.roles, item.qualifier, item.people, item.params}});
    return claimed;
}

void SqlBackend::notice_done(const ClaimedNotice& notice) {
    db::OutboxItem item;
    item.id = notice.id;
    item.lease = notice.lease;
    outbox_.done(item);
}

void SqlBackend::mail_sent(const ClaimedMail& claimed, Instant at) {
    db::Outbox::Mail mail;
    mail.id = claimed.id;
    mail.lease = claimed.lease;
    outbox_.mail_sent(mail, at);
}

void SqlBackend::inbox_add(const ClaimedNotice& notice, const PersonId& person) {
    inbox_.add({mail_id(notice.id, person), person, notice.case_id, notice.notice.topic, notice.notice.params,
                first_day, false},
               notice.id);
}

void SqlBackend::queue_mail(const ClaimedNotice& notice, const PersonId& person) {
    outbox_.queue_mail({mail_id(notice.id, person), notice.id, person.text, "a@demo.invalid", "", "", 0});
}

std::vector<ClaimedMail> SqlBackend::claim_mails(int limit, Instant now, int lease_seconds) {
    std::vector<ClaimedMail> claimed;
    for (const auto& mail : outbox_.claim_mail(limit, now, lease_seconds)) claimed.push_back({mail.id, mail.lease});
    return claimed;
}

std::vector<Glance> SqlBackend::cases() {
    return database_.impl().reading<std::vector<Glance>>([](db::Connection& connection) {
        return connection.all_text<Glance>("SELECT id, definition, state, is_final FROM cases ORDER BY id", {},
                                           [](Glance& one) {
                                               return db::Outs{one.id, one.definition, one.state, one.final};
                                           });
    });
}

std::optional<CaseRow> SqlBackend::row(const CaseId& id) { return db::Cases(database_).row(id); }

std::vector<Task> SqlBackend::tasks(const CaseId& id) {
    auto tasks = database_.impl().reading<std::vector<Task>>([&](db::Connection& connection) {
        return connection.all_text<Task>(
            "SELECT command, role, qualifier, person, due_on FROM work_items "
            "WHERE case_id = :id AND command <> '' ORDER BY n",
            {{"id", id}}, [](Task& task) {
                return db::Outs{task.command, task.role, task.qualifier, task.person, task.due_on};
            });
    });
    for (auto& task : tasks)
        if (task.due_on == "9999-12-31") task.due_on.clear();
    return tasks;
}

Kept SqlBackend::kept() {
    Kept kept;
    db::Cases cases(database_);
    for (const auto& one : this->cases()) {
        kept.rows[one.id] = *cases.row(one.id);
        kept.events[one.id] = cases.events(one.id);
        kept.tasks[one.id] = tasks(one.id);
    }
    database_.impl().read([&](db::Connection& connection) {
        CaseId id;
        Timer timer;
        connection.each_text("SELECT case_id, timer_key, due_at, command FROM timers", {},
                             {id, timer.key, timer.due_at, timer.command}, [&] { kept.timers[id].push_back(timer); });
        PersonId person;
        std::string key, roles, people, state;
        connection.each_text("SELECT actor, command_key, case_id FROM command_keys", {}, {person, key, id}, [&] {
            kept.keys[{person, key}] = id;
        });
        KeptNotice notice;
        connection.each_text(
            "SELECT id, case_id, topic, roles, qualifier, people, state FROM outbox ORDER BY id", {},
            {notice.id, notice.case_id, notice.notice.topic, roles, notice.notice.qualifier, people, state}, [&] {
                notice.notice.roles = Json::parse(roles).get<std::vector<std::string>>();
                notice.notice.people = Json::parse(people).get<std::vector<PersonId>>();
                notice.done = state == "done";
                kept.notices.push_back(notice);
            });
        connection.each_text("SELECT outbox_id, person FROM inbox", {}, {key, person},
                             [&] { kept.inbox.emplace_back(key, person); });
        connection.each_text("SELECT id, state FROM mails", {}, {key, state},
                             [&] { kept.mails[key] = state == "done"; });
        std::string box;
        connection.each_text("SELECT case_id, box, person FROM ballot_box", {}, {id, box, person}, [&] {
            kept.boxes[{id, box}].insert(person);
        });
    });
    return kept;
}

} // namespace cunmai::simulation
