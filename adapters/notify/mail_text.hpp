// What a mail says: case number, step, due date, link. Never a person's name, and nothing that somebody typed: mails
// leave the house. Whoever may know more follows the link and signs in.
#pragma once

#include "adapters/config/config.hpp"
#include "db/service/service_tables.hpp"

#include <string>

namespace cunmai::notify {

struct MailText {
    std::string subject, body;
};

// `state` and `due_on` of the case as it is now; empty when it is gone.
MailText mail_text(const Config& config, const db::OutboxItem& item, const std::string& state,
                   const std::string& due_on, const std::string& language);

bool is_mail_address(const std::string& text); // and nothing that could become a header or a second recipient

} // namespace cunmai::notify
