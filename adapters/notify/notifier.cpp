#include "adapters/notify/notifier.hpp"

#include "adapters/notify/mail_text.hpp"
#include "adapters/telemetry/log.hpp"
#include "engine/fingerprint.hpp"

#include <algorithm>
#include <set>

namespace cunmai::notify {

namespace {

constexpr int notices_at_once = 50, notice_lease_seconds = 60;
constexpr int mails_at_once = 20;

// Always the same for a notice and a person, and in the order of the notices: lists show the newest first by id.
std::string id_for(const db::OutboxItem& item, const db::Person& person) {
    return item.id + "-" + engine::sha256_hex(person.id.text).substr(0, 16);
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
            const int attempts = item.attempts; // counts claims, the one in hand included
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

void Notifier::queue_mail(const db::OutboxItem& item, const db::Person& person) {
    const auto row = app_.cases.row(item.case_id);
    const auto text =
        mail_text(app_.config, item, row ? row->state : "", row ? row->summary.due_on : "", person.language);
    app_.outbox.queue_mail({id_for(item, person), item.id, person.id.text, person.email, text.subject, text.body, 0});
}

void Notifier::send_mails(Worked& worked) {
    std::string unreachable; // why the mail server can't be spoken to: the rest of the batch isn't tried on it
    const int lease_seconds = (mails_at_once + 1) * app_.config.mail_answer_seconds; // if each takes all its time
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
