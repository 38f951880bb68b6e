#include "adapters/notify/notifier.hpp"

#include "adapters/notify/mail_text.hpp"
#include "adapters/services/reading.hpp"
#include "adapters/telemetry/log.hpp"
#include "db/kernel/snapshot.hpp"
#include "engine/digest.hpp"
#include "engine/text.hpp"

#include <algorithm>
#include <set>

namespace cunmai::notify {

namespace {

constexpr int notices_at_once = 50, notice_lease_seconds = 60;
constexpr int mails_at_once = 20;

// The same notice and person always give the same id, and ids sort like the notices: lists sort by id.
std::string id_for(const db::OutboxItem& item, const db::Person& person) {
    return item.id + "-" + sha256_hex(person.id.text).substr(0, 16);
}

} // namespace

std::int64_t retry_after_seconds(int attempts) { return std::int64_t{30} << std::clamp(attempts - 1, 0, attempts_max); }

engine::Instant Notifier::next_try(int attempts) {
    const auto seconds = static_cast<double>(retry_after_seconds(attempts));
    std::uniform_real_distribution<double> spread(1.0, 1.25);
    return app_.clock.now().plus_seconds(static_cast<std::int64_t>(seconds * spread(jitter_)));
}

Worked Notifier::work() {
    Worked worked;
    expand_notices(worked);
    if (mailer_.configured()) send_mails(worked);
    return worked;
}

void Notifier::expand_notices(Worked& worked) {
    for (const auto& item : app_.outbox.claim(notices_at_once, app_.clock.now(), notice_lease_seconds)) {
        if (stopping_()) {
            app_.outbox.retry(item, "", app_.clock.now(), false);
            continue;
        }
        try {
            expand(item);
            app_.outbox.done(item);
            ++worked.notices;
        } catch (const std::exception& error) {
            const int attempts = item.attempts; // claims so far, including this one
            log::error("notice_failed", {{"outbox", item.id}, {"attempts", attempts}, {"error", error.what()}});
            app_.outbox.retry(item, error.what(), next_try(attempts), attempts >= attempts_max);
            ++worked.notices_failed;
        }
    }
}

std::vector<db::Person> Notifier::recipients(const db::OutboxItem& item) {
    std::set<engine::PersonId> ids(item.people.begin(), item.people.end());
    for (const auto& role : item.roles)
        for (const auto& grant : app_.people.grants_over(item.place_path, role))
            if (item.qualifier.empty() || grant.qualifier == item.qualifier) ids.insert(grant.person);
    std::vector<db::Person> people;
    for (const auto& id : ids)
        if (auto person = app_.people.find(id); person && person->active) people.push_back(std::move(*person));
    return people;
}

void Notifier::expand(const db::OutboxItem& item) {
    for (const auto& person : recipients(item)) {
        db::Notification notification{id_for(item, person), person.id,       item.case_id, item.topic,
                                      item.params,          item.created_at, false};
        notification.params["place_name"] = item.place_name;
        app_.inbox.add(notification, item.id);
        if (mailer_.configured() && is_mail_address(person.email)) queue_mail(item, person);
    }
}

// A mail tells about a case only what its reader could read on the page. Nullopt when they no longer see the case.
std::optional<engine::CaseRow> Notifier::as_read_by(const db::Person& person, const engine::CaseId& id) {
    const db::Snapshot snapshot(app_.database);
    const auto viewer = app_.viewer(person.id);
    return Reading(app_, viewer).find(id);
}

void Notifier::queue_mail(const db::OutboxItem& item, const db::Person& person) {
    const auto row = as_read_by(person, item.case_id);
    const auto text =
        mail_text(app_.config, item, row ? row->state : "", row ? row->summary.due_on : "", person.language);
    app_.outbox.queue_mail({id_for(item, person), item.id, person.id.text, person.email, text.subject, text.body, 0});
}

void Notifier::send_mails(Worked& worked) {
    std::string unreachable; // why the server can't be used; the rest of the batch is then not tried
    const int lease_seconds = (mails_at_once + 1) * app_.config.mail_answer_seconds; // if each takes its full time
    for (const auto& mail : app_.outbox.claim_mail(mails_at_once, app_.clock.now(), lease_seconds)) {
        if (stopping_()) {
            app_.outbox.mail_failed(mail, "", app_.clock.now(), false);
            continue;
        }
        auto error = unreachable;
        if (error.empty()) {
            try {
                mailer_.send(mail, app_.clock.now());
                app_.outbox.mail_sent(mail, app_.clock.now());
                ++worked.mails_sent;
                continue;
            } catch (const ServerUnreachable& fault) {
                error = unreachable = fault.what();
            } catch (const MailRefused& fault) { error = fault.what(); }
        }
        const int attempts = mail.attempts;
        log::warning("mail_failed", {{"mail", mail.id}, {"attempts", attempts}, {"error", error}});
        app_.outbox.mail_failed(mail, error, next_try(attempts), attempts >= attempts_max);
        ++worked.mails_failed;
    }
    mailer_.hang_up();
}

} // namespace cunmai::notify
