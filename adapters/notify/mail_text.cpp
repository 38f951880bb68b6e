#include "adapters/notify/mail_text.hpp"

#include "adapters/words/texts.hpp"
#include "adapters/words/workflow_words.hpp"
#include "engine/time.hpp"

#include <algorithm>

namespace cunmai::notify {

namespace {

const std::string left_out = "…";

// Numbers, dates and codes that have a word of ours may be said; anything else might be a name or a sentence.
Json sayable(const std::string& language, const std::string& definition, const std::string& key, const Json& value) {
    if (!value.is_string()) return value.is_number() || value.is_boolean() ? value : Json(left_out);
    const auto& text = value.get_ref<const std::string&>();
    if (engine::parse_date(text)) return value;
    if (key == "state") return words::state(language, definition, text);
    if (key == "command") return words::command(language, definition, text);
    if (const auto word = key + "." + text; texts::has(language, word)) return texts::text(language, word);
    return left_out;
}

} // namespace

MailText mail_text(const Config& config, const db::OutboxItem& item, const std::string& state,
                   const std::string& due_on, const std::string& language) {
    const auto definition = item.params.value("definition", "");
    Json said = Json::object();
    for (const auto& [key, value] : item.params.items()) said[key] = sayable(language, definition, key, value);
    said["case_title"] = texts::text(language, "mail.case", {{"case_number", item.case_id.text}});
    said["place_name"] = left_out;
    const auto base =
        config.public_url.empty() ? "http://" + config.host + ":" + std::to_string(config.port) : config.public_url;
    const auto title = texts::text(language, "notice." + item.topic + ".title", said);
    Json model{{"title", title},
               {"body", texts::text(language, "notice." + item.topic + ".body", said)},
               {"case_number", item.case_id.text},
               {"state", state.empty() ? "" : words::state(language, definition, state)},
               {"due_on", due_on},
               {"link", base + "/cases/" + item.case_id.text}};
    return {title + " [" + item.case_id.text + "]", texts::mail(language, "notice", model)};
}

bool is_mail_address(const std::string& text) {
    const auto at = text.find('@');
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != ',' && c != ';' && c != '"' && c != '\\';
    });
    return plain && at != std::string::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string::npos;
}

} // namespace cunmai::notify
