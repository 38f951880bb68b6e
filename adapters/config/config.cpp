// One table of keys serves the file, the environment, the checks and the description.
// Environment: the key `section.name` is read from CUNMAI_<SECTION>_<NAME> (server.port: CUNMAI_SERVER_PORT);
// CUNMAI_HOST and CUNMAI_PORT are short for CUNMAI_SERVER_HOST and CUNMAI_SERVER_PORT.
#include "adapters/config/config.hpp"

#include "adapters/words/texts.hpp"
#include "db/kernel/database_url.hpp"
#include "engine/text.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <variant>

extern char** environ;

namespace cunmai {

namespace {

using Member = std::variant<std::string Config::*, int Config::*, std::int64_t Config::*, bool Config::*>;

struct Key {
    std::string_view name; // section.key
    Member member;
    bool secret = false;
    std::int64_t min = 0, max = 0; // of numbers
};

const std::vector<Key>& keys() {
    constexpr std::int64_t gigabyte = 1 << 30;
    static const std::vector<Key> all{
        {"server.host", &Config::host},
        {"server.port", &Config::port, false, 0, 65535},
        {"server.public_url", &Config::public_url},
        {"server.plain_http", &Config::plain_http},
        {"server.threads", &Config::threads, false, 1, 512},
        {"server.body_max_bytes", &Config::body_max_bytes, false, 1024, 64 << 20},
        {"server.upload_max_bytes", &Config::upload_max_bytes, false, 1024, gigabyte},
        {"server.upload_day_max_bytes", &Config::upload_day_max_bytes, false, 1024, 1024 * gigabyte},
        {"server.export_rows_max", &Config::export_rows_max, false, 1, 100'000},
        {"server.connections_max", &Config::connections_max, false, 8, 4096},
        {"server.connections_per_address_max", &Config::connections_per_address_max, false, 1, 4096},
        {"server.proxies", &Config::proxies},
        {"server.queue_max", &Config::queue_max, false, 0, 4096},
        {"server.idle_seconds", &Config::idle_seconds, false, 1, 600},
        {"server.header_seconds", &Config::header_seconds, false, 1, 120},
        {"server.body_seconds", &Config::body_seconds, false, 1, 600},
        {"server.answer_seconds", &Config::answer_seconds, false, 1, 600},
        {"server.live_max", &Config::live_max, false, 0, 10'000},
        {"server.live_per_person_max", &Config::live_per_person_max, false, 1, 1000},
        {"data.directory", &Config::data_dir},
        {"data.database", &Config::database, true}, // may hold a password
        {"data.demo", &Config::demo},
        {"mail.host", &Config::smtp_host},
        {"mail.port", &Config::smtp_port, false, 0, 65535},
        {"mail.security", &Config::mail_security},
        {"mail.ca_file", &Config::mail_ca_file},
        {"mail.user", &Config::smtp_user},
        {"mail.password", &Config::smtp_password, true},
        {"mail.password_in_clear", &Config::mail_password_in_clear},
        {"mail.from", &Config::mail_from},
        {"mail.answer_seconds", &Config::mail_answer_seconds, false, 1, 300},
        {"security.session_idle_minutes", &Config::session_idle_minutes, false, 1, 24 * 60},
        {"security.session_absolute_hours", &Config::session_absolute_hours, false, 1, 24 * 7},
        {"security.lockout_failures", &Config::lockout_failures, false, 2, 100},
        {"security.lockout_minutes", &Config::lockout_minutes, false, 1, 24 * 60},
        {"security.secret", &Config::secret, true},
        {"security.virus_scanner", &Config::virus_scanner},
        {"security.metrics_token", &Config::metrics_token, true},
    };
    return all;
}

const Key* find_key(std::string_view name) {
    const auto found = std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.name == name; });
    return found == keys().end() ? nullptr : &*found;
}

std::string variable_of(std::string_view name) {
    std::string variable = "CUNMAI_";
    for (const char byte : name)
        variable += byte == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(byte)));
    return variable;
}

void wrong_type(std::vector<ConfigProblem>& problems, const std::string& where, const Key& key) {
    static constexpr const char* kinds[] = {"not_text", "not_number", "not_number", "not_flag"};
    problems.push_back({where, kinds[key.member.index()]});
}

// One line of the file, in the subset of TOML that the keys need: a comment, a section, or a key with a quoted text, a
// number, true or false.
class Line {
  public:
    explicit Line(std::string_view line) : rest_(line) {
        if (rest_.ends_with('\r')) rest_.remove_suffix(1);
    }

    std::string problem() { // the problem's code, or empty
        skip_blanks();
        if (at_end()) return "";
        const std::string why = rest_.front() == '[' ? section() : key_and_value();
        if (!why.empty()) return why;
        skip_blanks();
        return at_end() ? "" : "more_after_end";
    }
    // Whether the problem is at a character beyond ASCII, such as a full-width sign.
    bool is_beyond_ascii() const { return !rest_.empty() && static_cast<unsigned char>(rest_.front()) >= 0x80; }

  private:
    bool at_end() const { return rest_.empty() || rest_.front() == '#'; }
    bool take(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
    std::string_view word(std::string_view besides) {
        std::size_t size = 0;
        while (size < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[size])) ||
                                       besides.find(rest_[size]) != std::string_view::npos))
            ++size;
        const auto found = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return found;
    }
    std::string section() {
        take('[');
        skip_blanks();
        if (word("_-").empty()) return "section_nameless";
        skip_blanks();
        return take(']') ? "" : "section_open";
    }
    std::string key_and_value() {
        if (word("_-.").empty()) return "no_key";
        skip_blanks();
        if (!take('=')) return "no_equals_sign";
        skip_blanks();
        if (take('"')) return text('"');
        if (take('\'')) return text('\'');
        const auto value = word("_-+.:");
        if (value.empty()) return "no_value";
        for (std::size_t i = 1; i < value.size(); ++i)
            if (value[i] == '-' && (value[i - 1] == '_' || std::isdigit(static_cast<unsigned char>(value[i - 1]))))
                return "date";
        return "";
    }
    std::string text(char quote) {
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == '\\' && quote == '"') {
                ++i;
            } else if (rest_[i] == quote) {
                rest_.remove_prefix(i + 1);
                return "";
            }
        }
        return "text_open";
    }

    std::string_view rest_;
};

// Checks what toml++ 3.3 relies on without checking it (UTF-8, a name after a section's bracket, what follows a date
// and a space, closed brackets, which characters are blank). Nullopt when the text may be parsed.
std::optional<ConfigProblem> unreadable(const std::string& file, const std::string& text) {
    if (!is_utf8_without_nul(text)) return ConfigProblem{file, "not_utf8"};
    int number = 0;
    std::istringstream lines{std::string(without_byte_order_mark(text))};
    for (std::string content; std::getline(lines, content);) {
        ++number;
        Line line(content);
        if (const auto why = line.problem(); !why.empty())
            return ConfigProblem{
                file, "line." + why, {{"line", number}}, line.is_beyond_ascii() ? "line.beyond_ascii" : ""};
    }
    return std::nullopt;
}

void read_file(Config& config, const std::string& file, std::vector<ConfigProblem>& problems) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    toml::table table;
    if (auto problem = unreadable(file, text)) {
        problems.push_back(std::move(*problem));
        return;
    }
    try {
        table = toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        problems.push_back(
            {file, "line.toml", {{"line", error.source().begin.line}, {"why", std::string(error.description())}}});
        return;
    }
    for (const auto& [section, content] : table) {
        const std::string prefix(section.str());
        if (!content.is_table()) {
            problems.push_back({prefix, "outside_sections"});
            continue;
        }
        for (const auto& [leaf, value] : *content.as_table()) {
            const auto name = prefix + "." + std::string(leaf.str());
            const auto* key = find_key(name);
            if (!key) {
                problems.push_back({name, "unknown_key"});
                continue;
            }
            std::visit(
                [&, &value_ = value](auto member) {
                    using Value = std::decay_t<decltype(config.*member)>;
                    if constexpr (std::is_same_v<Value, std::string>) {
                        if (value_.is_string()) {
                            config.*member = value_.as_string()->get();
                            return;
                        }
                    } else if constexpr (std::is_same_v<Value, bool>) {
                        if (value_.is_boolean()) {
                            config.*member = value_.as_boolean()->get();
                            return;
                        }
                    } else if (value_.is_integer() && std::in_range<Value>(value_.as_integer()->get())) {
                        config.*member = static_cast<Value>(value_.as_integer()->get());
                        return;
                    }
                    wrong_type(problems, name, *key);
                },
                key->member);
        }
    }
}

void read_text(Config& config, const Key& key, const std::string& text, const std::string& where,
               std::vector<ConfigProblem>& problems) {
    std::visit(
        [&](auto member) {
            using Value = std::decay_t<decltype(config.*member)>;
            if constexpr (std::is_same_v<Value, std::string>) {
                config.*member = text;
            } else if constexpr (std::is_same_v<Value, bool>) {
                if (text == "true" || text == "1")
                    config.*member = true;
                else if (text == "false" || text == "0")
                    config.*member = false;
                else
                    wrong_type(problems, where, key);
            } else {
                Value number{};
                const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
                if (error == std::errc{} && end == text.data() + text.size() && !text.empty())
                    config.*member = number;
                else
                    wrong_type(problems, where, key);
            }
        },
        key.member);
}

void read_environment(Config& config, std::vector<ConfigProblem>& problems) {
    std::vector<std::string> known;
    for (const auto& key : keys()) {
        std::vector<std::string> variables{variable_of(key.name)};
        if (key.name == "server.host") variables.insert(variables.begin(), "CUNMAI_HOST");
        if (key.name == "server.port") variables.insert(variables.begin(), "CUNMAI_PORT");
        for (const auto& variable : variables) {
            known.push_back(variable);
            if (const char* text = std::getenv(variable.c_str())) read_text(config, key, text, variable, problems);
        }
    }
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view line(*entry);
        const std::string name(line.substr(0, line.find('=')));
        const bool ours = name.rfind("CUNMAI_SERVER_", 0) == 0 || name.rfind("CUNMAI_DATA_", 0) == 0 ||
                          name.rfind("CUNMAI_MAIL_", 0) == 0 || name.rfind("CUNMAI_SECURITY_", 0) == 0;
        if (ours && std::find(known.begin(), known.end(), name) == known.end())
            problems.push_back({name, "unknown_variable"});
    }
}

constexpr std::size_t metrics_token_length_min = 24;

bool hex64(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

void check_mail(const Config& config, std::vector<ConfigProblem>& problems) {
    const auto& security = config.mail_security;
    if (security != "none" && security != "starttls" && security != "tls")
        problems.push_back({"mail.security", "mail_security"});
    if (config.smtp_host.empty()) return;
    if (!is_mail_address(config.mail_from)) problems.push_back({"mail.from", "mail_from"});
    if (config.smtp_user.empty() != config.smtp_password.empty())
        problems.push_back({config.smtp_user.empty() ? "mail.user" : "mail.password", "mail_sign_in"});
    if (security == "none" && !config.smtp_password.empty() && !config.mail_password_in_clear)
        problems.push_back({"mail.password", "mail_password_in_clear"});
    if (!config.mail_ca_file.empty() && !std::ifstream(config.mail_ca_file))
        problems.push_back({"mail.ca_file", "mail_ca_file"});
}

} // namespace

Json said(const std::string& language, const ConfigProblem& problem) {
    const auto text = [&](const std::string& tail) {
        return texts::text(language, "cli.config." + tail, problem.facts);
    };
    auto what = text(problem.code);
    if (!problem.also.empty()) what += text(problem.also);
    const auto remedy = problem.code.substr(0, problem.code.find('.')); // all problems of a line share one remedy
    return {{"key", problem.key}, {"problem", what}, {"remedy", text(remedy + ".do")}};
}

Config load_config(const std::string& file, std::vector<ConfigProblem>& problems) {
    Config config;
    const std::string name = file.empty() ? "cunmai.toml" : file;
    std::error_code ignored;
    if (std::filesystem::exists(name, ignored)) {
        config.source = name;
        read_file(config, name, problems);
    } else if (!file.empty()) {
        problems.push_back({file, "no_file"});
    }
    read_environment(config, problems);
    return config;
}

std::vector<ConfigProblem> check_config(const Config& config) {
    std::vector<ConfigProblem> problems;
    for (const auto& key : keys()) {
        std::visit(
            [&](auto member) {
                using Value = std::decay_t<decltype(config.*member)>;
                if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, std::int64_t>) {
                    if (config.*member < key.min || config.*member > key.max)
                        problems.push_back(
                            {std::string(key.name), "out_of_range", {{"min", key.min}, {"max", key.max}}});
                }
            },
            key.member);
    }
    if (config.host.empty()) problems.push_back({"server.host", "no_host"});
    if (config.data_dir.empty()) problems.push_back({"data.directory", "no_folder"});
    const bool is_url = config.public_url.empty() || config.public_url.rfind("https://", 0) == 0 ||
                        config.public_url.rfind("http://", 0) == 0;
    if (!is_url) problems.push_back({"server.public_url", "no_public_url"});
    if (config.plain_http && config.public_url.rfind("https://", 0) == 0)
        problems.push_back({"server.plain_http", "plain_http_with_tls"});
    try {
        if (!config.database.empty()) db::parse_database_url(config.database);
    } catch (const db::BadDatabaseUrl& error) { problems.push_back({"data.database", "database." + error.code}); }
    if (!config.metrics_token.empty() && config.metrics_token.size() < metrics_token_length_min)
        problems.push_back({"security.metrics_token", "metrics_token", {{"min", metrics_token_length_min}}});
    check_mail(config, problems);
    if (!config.secret.empty() && !hex64(config.secret)) problems.push_back({"security.secret", "secret"});
    return problems;
}

bool is_this_machine(const std::string& host) {
    const auto end = host.starts_with('[') ? host.find(']') : host.find(':');
    const auto name = std::count(host.begin(), host.end(), ':') > 1 && !host.starts_with('[')
                          ? host // an IPv6 address without a port
                          : host.substr(host.starts_with('[') ? 1 : 0, end - (host.starts_with('[') ? 1 : 0));
    return name == "localhost" || name == "::1" || name.starts_with("127.") || name.ends_with(".localhost");
}

std::vector<ConfigProblem> doubts_about(const Config& config) {
    constexpr std::string_view plain = "http://";
    if (config.plain_http || config.public_url.rfind(plain, 0) != 0) return {};
    const auto rest = config.public_url.substr(plain.size());
    if (is_this_machine(rest.substr(0, rest.find('/')))) return {};
    return {{"server.public_url", "plain_http", {{"address", config.public_url}}}};
}

int mail_port(const Config& config) {
    if (config.smtp_port != 0) return config.smtp_port;
    return config.mail_security == "none" ? 25 : config.mail_security == "tls" ? 465 : 587;
}

std::string describe(const Config& config) {
    std::string text;
    for (const auto& key : keys()) {
        text += std::string(key.name) + " = ";
        std::visit(
            [&](auto member) {
                using Value = std::decay_t<decltype(config.*member)>;
                if constexpr (std::is_same_v<Value, std::string>) {
                    const bool hidden =
                        key.secret && !(config.*member).empty() && (config.*member).rfind("sqlite:", 0) != 0;
                    text += hidden ? "(set)" : "\"" + config.*member + "\"";
                } else if constexpr (std::is_same_v<Value, bool>) {
                    text += config.*member ? "true" : "false";
                } else {
                    text += std::to_string(config.*member);
                }
            },
            key.member);
        text += "\n";
    }
    return text;
}

} // namespace cunmai
