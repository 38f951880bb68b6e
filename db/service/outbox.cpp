// The outbox and its mails. A claim is committed before its items are returned; who dies holding one leaves it to the
// next when the lease ends. `attempts` counts claims: the one in hand included.
#include "db/kernel/case_columns.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/new_id.hpp"
#include "db/kernel/paths.hpp"
#include "db/service/service_tables.hpp"

namespace cunmai::db {

namespace {

std::string state_after_failure(bool dead) { return dead ? "dead" : "waiting"; }

// Claims due rows of one table and reads what was really won.
void claim_rows(
    Database& database, const std::string& due, const std::string& claim, int limit, engine::Instant now,
    int lease_seconds,
    const std::function<void(Connection&, const std::string& lease, const std::vector<std::string>&)>& won) {
    const auto ids = database.impl().reading<std::vector<std::string>>([&](Connection& connection) {
        return connection.all<std::string>(due, {{"now", now}, {"limit", limit}},
                                           [](std::string& id) { return Outs{id}; });
    });
    if (ids.empty()) return; // usually: nothing is written
    database.impl().write([&](Connection& connection) {
        const auto lease = new_id(now);
        SqlText sql(connection.sql(claim));
        sql.param({"lease", lease})
            .param({"leased_until", now.plus_seconds(lease_seconds)})
            .param({"now", now})
            .list("id", ids);
        if (connection.run_text(sql.text(), sql.params()) > 0) won(connection, lease, ids);
    });
}

} // namespace

std::vector<OutboxItem> Outbox::claim(int limit, engine::Instant now, int lease_seconds) {
    std::vector<OutboxItem> items;
    claim_rows(database_, "outbox.due", "outbox.claim", limit, now, lease_seconds,
               [&](Connection& connection, const std::string& lease, const std::vector<std::string>& ids) {
                   items.clear();
                   SqlText sql(connection.sql("outbox.claimed"));
                   sql.param({"lease", lease}).list("id", ids).add("ORDER BY created_at, id");
                   OutboxItem item;
                   item.lease = lease;
                   std::string roles, people, params;
                   connection.each_text(
                       sql.text(), sql.params(),
                       {item.id, item.case_id, item.place_path, item.place_name, item.topic, item.qualifier, roles,
                        people, params, item.attempts, item.created_at},
                       [&] {
                           item.roles = parsed(roles, "an outbox item's roles").get<std::vector<std::string>>();
                           item.people = parsed(people, "an outbox item's people").get<std::vector<engine::PersonId>>();
                           item.params = parsed(params, "an outbox item's values");
                           items.push_back(item);
                       });
               });
    return items;
}

void Outbox::done(const OutboxItem& item) {
    database_.impl().write([&](Connection& connection) {
        connection.run("outbox.set_state", {{"id", item.id}, {"lease", item.lease}, {"state", "done"}});
    });
}

void Outbox::retry(const OutboxItem& item, std::string_view error, engine::Instant next_at, bool dead) {
    database_.impl().write([&](Connection& connection) {
        connection.run("outbox.retry", {{"id", item.id},
                                        {"lease", item.lease},
                                        {"state", state_after_failure(dead)},
                                        {"error", error},
                                        {"next_at", next_at}});
    });
}

void Outbox::queue_mail(const Mail& mail) {
    try {
        database_.impl().write([&](Connection& connection) {
            connection.run("outbox.queue_mail", {{"id", mail.id},
                                                 {"outbox_id", mail.outbox_id},
                                                 {"person", mail.person},
                                                 {"address", mail.address},
                                                 {"subject", mail.subject},
                                                 {"body", mail.body},
                                                 {"next_at", 0}}); // at once
        });
    } catch (const Duplicate&) {
        return; // queued before
    }
}

std::vector<Outbox::Mail> Outbox::claim_mail(int limit, engine::Instant now, int lease_seconds) {
    std::vector<Mail> mails;
    claim_rows(database_, "outbox.mails_due", "outbox.claim_mails", limit, now, lease_seconds,
               [&](Connection& connection, const std::string& lease, const std::vector<std::string>& ids) {
                   SqlText sql(connection.sql("outbox.claimed_mails"));
                   sql.param({"lease", lease}).list("id", ids).add("ORDER BY id");
                   mails = connection.all_text<Mail>(sql.text(), sql.params(), [](Mail& m) {
                       return Outs{m.id, m.outbox_id, m.person, m.address, m.subject, m.body, m.attempts};
                   });
                   for (auto& mail : mails) mail.lease = lease;
               });
    return mails;
}

void Outbox::mail_sent(const Mail& mail, engine::Instant at) {
    database_.impl().write([&](Connection& connection) {
        connection.run("outbox.mail_sent", {{"id", mail.id}, {"lease", mail.lease}, {"at", at}});
    });
}

void Outbox::mail_failed(const Mail& mail, std::string_view error, engine::Instant next_at, bool dead) {
    database_.impl().write([&](Connection& connection) {
        connection.run("outbox.mail_failed", {{"id", mail.id},
                                              {"lease", mail.lease},
                                              {"state", state_after_failure(dead)},
                                              {"error", error},
                                              {"next_at", next_at}});
    });
}

std::vector<DeadLetter> Outbox::failures(int limit) {
    return database_.impl().reading<std::vector<DeadLetter>>([&](Connection& connection) {
        return connection.all<DeadLetter>("outbox.failures", {{"limit", limit}}, [](DeadLetter& f) {
            return Outs{f.id, f.channel, f.person, f.error, f.attempts, f.next_at, f.dead};
        });
    });
}

void Outbox::send_again(std::string_view id, engine::Instant at) {
    database_.impl().write([&](Connection& connection) {
        for (const auto* statement : {"outbox.notice_again", "outbox.mail_again"})
            connection.run(statement, {{"id", id}, {"at", at}});
    });
}

} // namespace cunmai::db
