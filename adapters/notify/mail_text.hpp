// The text of a mail: case number, step, due date, link. It never contains a person's name or anything that somebody
// typed, because mails leave the organisation. Readers follow the link and sign in to learn more.
#pragma once

#include "adapters/config/config.hpp"
#include "db/service/outbox.hpp"

#include <string>

namespace cunmai::notify {

struct MailText {
    std::string subject, body;
};

// `state` and `due_on` of the case as it is now; empty when it is gone.
MailText mail_text(const Config& config, const db::OutboxItem& item, const std::string& state,
                   const std::string& due_on, const std::string& language);

} // namespace cunmai::notify
