// Every parser of outside input, with the properties that must hold beyond not crashing.
#include "adapters/config/config.hpp"
#include "adapters/files/csv.hpp"
#include "adapters/http/api/api.hpp"
#include "adapters/http/api/checked.hpp"
#include "adapters/http/edge/addresses.hpp"
#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/http/pages/view.hpp"
#include "adapters/http/wire/framing.hpp"
#include "adapters/services/register.hpp"
#include "adapters/services/rule_schemas.hpp"
#include "adapters/services/uploads.hpp"
#include "adapters/words/numbers.hpp"
#include "db/cases/cases.hpp"
#include "db/cases/cursor.hpp"
#include "db/kernel/database_url.hpp"
#include "db/operations/backup.hpp"
#include "engine/text.hpp"
#include "engine/time.hpp"
#include "tests/fuzz/driver.hpp"
#include "workflows/all.hpp"
#include "workflows/evaluation/self_check.hpp"

#include <cmath>
#include <fstream>

namespace cunmai::fuzz {

namespace {

std::string file_with(const std::string& content) {
    static const auto file = scratch_folder() + "/input";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
    return file;
}

// ---- HTTP -----------------------------------------------------------------------------------------------------------

void framing(const std::string& input) {
    const auto early = http::fault_so_far(input);
    const auto read = http::read_head(input + "\r\n\r\n");
    if (early) expect(std::holds_alternative<http::Fault>(read), "a head that was a fault became good");
    if (const auto* fault = std::get_if<http::Fault>(&read)) {
        expect(fault->status >= 400 && fault->status < 600 && !fault->code.empty(), "a fault without status or code");
        return;
    }
    const auto& head = std::get<http::Head>(read);
    expect(head.content_length >= -1, "a negative length");
    expect(head.fields.size() <= http::fields_max, "more fields than allowed");
    const auto coding = head.content_length == -1 ? "chunked" : "";
    expect(lower_ascii(head.field("transfer-encoding")) == coding, "a transfer coding was let through");
    std::string again = head.method + ' ' + head.target + (head.http11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    for (const auto& [name, value] : head.fields) again += name + ": " + value + "\r\n";
    const auto second = http::read_head(again + "\r\n");
    const auto* same = std::get_if<http::Head>(&second);
    expect(same && same->fields == head.fields && same->target == head.target &&
               same->content_length == head.content_length && same->keep_alive == head.keep_alive,
           "the same head, written anew, means something else");
}

void query(const std::string& input) {
    const auto bounded = [](const auto& read) {
        try {
            read();
        } catch (const http::Problem& problem) { expect(problem.status == 400, "not a 400"); }
    };
    bounded([&] {
        const auto pairs = http::read_pairs(input, "bad_query");
        for (const auto& [name, value] : pairs)
            expect(is_utf8_without_nul(name) && is_utf8_without_nul(value), "broken UTF-8 was let through");
    });
    bounded([&] { expect(is_utf8_without_nul(http::read_path_segment(input)), "broken UTF-8 was let through"); });
}

// The first line is the boundary, the rest the body.
void multipart(const std::string& input) {
    const auto end = input.find('\n');
    if (end == std::string::npos) return;
    static const Config config = [] {
        Config one;
        one.data_dir = scratch_folder();
        one.upload_max_bytes = 2000;
        return one;
    }();
    http::Request request;
    const auto type = "multipart/form-data; boundary=" + input.substr(0, end);
    request.header = [&](std::string_view name) { return name == "Content-Type" ? type : std::string(); };
    try {
        std::istringstream body(input.substr(end + 1));
        http::read_multipart(request, body, config);
    } catch (const http::Problem& problem) {
        expect(problem.status == 400 || problem.status == 413, "not a 400 and not a 413");
        return;
    }
    for (const auto& upload : request.uploads())
        expect(upload.size <= config.upload_max_bytes && is_utf8_without_nul(upload.name),
               "an upload beyond the limits");
}

// The first byte chooses a command, the rest is a JSON body for it.
void json(const std::string& input) {
    static const engine::Registry registry = [] {
        engine::Registry one;
        workflows::add_all(one);
        return one;
    }();
    static const auto commands = [] {
        std::vector<const engine::CommandInfo*> all;
        for (const auto* definition : registry.all())
            for (const auto& command : definition->info().commands) all.push_back(&command);
        return all;
    }();
    if (input.empty()) return;
    Json body;
    try {
        body = http::read_json(input.substr(1));
    } catch (const http::Problem& problem) {
        expect(problem.status == 400, "not a 400");
        return;
    }
    expect(Json::parse(body.dump()) == body, "written and read again it is another value");
    const auto& command = *commands[static_cast<unsigned char>(input[0]) % commands.size()];
    const auto why = engine::check_payload(command.fields, body);
    static_cast<void>(engine::to_json(why).dump());
    if (why.empty()) expect(body.is_object(), "a payload that is no object was accepted");
}

// The first line is the token of a form, the rest a Cookie header.
void cookies(const std::string& input) {
    const auto end = input.find('\n');
    const auto sent = input.substr(0, end), header = end == std::string::npos ? "" : input.substr(end + 1);
    for (const auto name : {http::session_cookie_name, http::pre_session_cookie_name, http::language_cookie_name}) {
        const auto value = http::cookie(header, name);
        expect(value.find(';') == std::string::npos, "a cookie that runs into the next");
        expect(value.empty() || header.find(std::string(name) + "=" + value) != std::string::npos, "a cookie not sent");
    }
    const std::string token(43, 't');
    expect(http::matches(http::masked(token), token), "a masked token is none");
    expect(!http::matches(sent, ""), "no token was matched");
    expect(!http::matches(sent, token) || sent == token || sent.size() > 2 * token.size(), "a short token matched");
    const auto back = http::safe_back(header, "");
    expect(back.empty() ||
               (back[0] == '/' && back.substr(0, 2) != "//" && back.find_first_of("\\\r\n\t ") == std::string::npos),
           "a way back that leads elsewhere");
}

// The first byte chooses a route of the API. The first line is a parameter, the rest a body.
void request(const std::string& input) {
    static const auto routes = http::api_routes();
    if (input.empty()) return;
    const auto& doc = routes[static_cast<unsigned char>(input[0]) % routes.size()].doc;
    const auto end = input.find('\n', 1);
    const auto text = input.substr(1, end == std::string::npos ? end : end - 1);
    for (const auto& parameter : doc.parameters) {
        const auto value = schema::parameter_value(parameter.schema, text);
        const auto why = schema::violations(parameter.schema, value, http::api::components());
        if (!why.empty() || !is_utf8_without_nul(text)) continue;
        if (parameter.name == "If-Match")
            expect(std::stoll(text.substr(1, text.size() - 2)) >= 0, "a version that is no number");
        if (parameter.name == "limit") expect(value >= 1 && value <= 100, "a limit without limit");
        expect(text.find_first_of("\r\n") == std::string::npos, "a parameter of several lines");
    }
    if (doc.body.is_null() || end == std::string::npos) return;
    const auto body = http::json_or_null(input.substr(end + 1));
    static_cast<void>(engine::to_json(schema::violations(doc.body, body, http::api::components())).dump());
}

// The first byte chooses a rule, the rest is its value as JSON.
void rules(const std::string& input) {
    static const auto keys = [] {
        std::vector<std::string> all;
        for (const auto& [key, schema] : administration::rule_schemas().items()) all.push_back(key);
        return all;
    }();
    if (input.empty()) return;
    const auto& key = keys[static_cast<unsigned char>(input[0]) % keys.size()];
    const auto value = http::json_or_null(input.substr(1));
    const auto why = administration::check_rule(key, value, nullptr);
    static_cast<void>(engine::to_json(why).dump());
    expect(!why.empty() || !value.is_null(), "a rule of nothing");
}

void answers(const std::string& input) {
    static const Json catalogue{{"version", 1},
                                {"indicators",
                                 {{{"code", "ORG-01"},
                                   {"kind", "number"},
                                   {"direction", "lower_is_better"},
                                   {"min", 0},
                                   {"max", 10},
                                   {"thresholds", {{"yellow", 2}, {"red", 4}}},
                                   {"evidence", "when_red"}}}}};
    const auto digest = workflows::self_check::digest_text(catalogue, input);
    static_cast<void>(digest.dump());
    expect(digest.is_object(), "a digest that is none");
    const auto document = http::json_or_null(input);
    for (const auto& sha256 : workflows::self_check::evidence_named(document))
        expect(is_utf8_without_nul(sha256), "evidence that is no text");
}

void times(const std::string& input) {
    if (const auto date = engine::parse_date(input)) expect(engine::to_text(*date) == input, "another date came out");
    if (const auto at = engine::parse_iso(input))
        expect(engine::parse_iso(engine::to_iso(*at)) == at, "another instant came out");
    for (const bool percentage : {false, true}) {
        const auto number = words::number_typed(input, percentage);
        expect(number.is_null() || number.is_number_integer() ||
                   (number.is_number_float() && std::isfinite(number.get<double>())),
               "what was typed became no number and not nothing");
    }
}

void cursor(const std::string& input) {
    for (const auto* kind : {"inbox", "updated"}) try {
            const auto values = db::from_cursor(input, kind, 1);
            expect(values.is_array() && values.size() == 1, "a cursor of another size");
        } catch (const db::BadCursor&) {}
}

// ---- files ----------------------------------------------------------------------------------------------------------

void csv(const std::string& input) {
    std::size_t line = 0;
    csv::read(input, [&](csv::Record& record) {
        expect(record.line > line, "lines go backwards");
        line = record.line;
    });
    const auto read = import::read_register(input, {{"990100", "示例区", "", "district", "/990100/"}});
    if (!read.bad.empty()) return;
    std::set<std::string> codes{"990100"};
    for (const auto& place : read.places) codes.insert(place.code);
    const engine::Place* before = nullptr;
    for (const auto& place : read.places) {
        expect(!before || before->code < place.code, "places out of the order of their codes");
        expect(place.parent.empty() || codes.contains(place.parent), "a place without its parent");
        expect(place.path.ends_with('/' + place.code + '/'), "a path that does not end with its own place");
        before = &place;
    }
}

void backup(const std::string& input) {
    try {
        db::check_backup(file_with(input));
    } catch (const db::DamagedBackup&) {}
}

void config(const std::string& input) {
    std::vector<ConfigProblem> problems;
    const auto read = load_config(file_with(input), problems);
    static_cast<void>(check_config(read));
    static_cast<void>(describe(read));
}

void database_url(const std::string& input) {
    try {
        static_cast<void>(db::parse_database_url(input));
    } catch (const std::invalid_argument&) {}
}

// The first line is the name, the rest the content.
void upload(const std::string& input) {
    const auto end = input.find('\n');
    if (end == std::string::npos) return;
    const auto checked = http::check_upload(file_with(input.substr(end + 1)), input.substr(0, end), 1 << 20);
    if (!checked.refusal.empty()) return;
    expect(!checked.media_type.empty() && !checked.name.empty(), "taken without type or name");
    expect(is_utf8_without_nul(checked.name) && checked.name.find_first_of("/\\\r\n\"") == std::string::npos,
           "a name that is not safe");
}

} // namespace

const std::vector<Target>& targets() {
    static const std::vector<Target> all{
        {"framing",
         framing,
         {"GET / HTTP/1.1",
          "Host: a",
          "\r\n",
          "\n",
          "\r",
          "Content-Length: 5",
          "Content-Length:5",
          "Transfer-Encoding: chunked",
          "chunked",
          "Connection: close",
          "keep-alive",
          "Expect: 100-continue",
          "HTTP/1.0",
          "HTTP/9.9",
          ": ",
          " :",
          "\t",
          std::string(1, '\0'),
          "Upgrade: websocket",
          "+3",
          "-1",
          "0x5"}},
        {"query",
         query,
         {"%", "%00", "%C0%80", "%E4%BA", "&", "=", "+", "%zz", "%ED%A0%80", "%2F", "\xF4\x90\x80\x80"}},
        {"multipart",
         multipart,
         {"\r\n", "--", "Content-Disposition: form-data; name=\"a\"", "filename=\"", "\"", ";",
          "Content-Type: text/plain", "Content-Transfer-Encoding: base64", "boundary=", "\r\n\r\n", "--\r\n"}},
        {"json",
         json,
         {"{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e999", "\\u0000", "\\ud800", "\xED\xA0\x80",
          "\"reason\"", "\"evidence\"", "-", ".", "\\", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}},
        {"cookies",
         cookies,
         {"__Host-cunmai=", "__Host-cunmai-pre=", "__Host-cunmai-lang=", "; ", ";", "=", "\"", "\n", "/", "//", "\\",
          std::string(43, 't')},
         600},
        {"request",
         request,
         {"\n", "{", "}", "[", "]", "\"", ":", ",", "null", "true", "\"7\"", "W/\"7\"", "*", "2025-02-30", "-1",
          "zh-CN", "\"login\":", "\"value\":", "\"from_on\":"}},
        {"rules",
         rules,
         {"{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e999", "\"quorum\":[1,2]", "\"pass\":[1,2]",
          "\"secret\":", "\"holidays\":[", "\"2025-02-30\"", "\"2025\":", "\"indicators\":", "\"code\":"}},
        {"answers",
         answers,
         {"{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e308", "\"ORG-01\":", "\"answers\":", "\"value\":",
          "\"evidence\":[", "\"not_applicable\":true", "\"catalogue_version\":1"}},
        {"times",
         times,
         {"-", ":", "T", "Z", "+08:00", ".", "2025-02-28", "9999", "-0001", "１２", "，", "％", "%", ",", "e", "－"},
         60},
        {"cursor", cursor, {"WyJpbmJveCIs", "=", "-", "_", "WyJ1cGRhdGVkIiwx"}, 400},
        {"csv",
         csv,
         {"\"", "\"\"", ",", "\r\n", "\n", "\r", "\xEF\xBB\xBF", "code,name,parent,level", "village", "town",
          "district", "990100", "990100001", "\xFF", std::string(1, '\0')}},
        {"backup",
         backup,
         {"{\"sha256\":", "\n", "[", "]", "null", "{\"base64\":\"", "\"table\"", "\"columns\"", "\"tables\""}},
        {"config",
         config,
         {"[server]", "[data]", "[mail]", "[security]", "port", "=", "\"", "'''", "[[", "true", "1979-05-27", "\n",
          "#"},
         1500},
        {"database_url", database_url, {"mysql://", "sqlite:", "@", ":", "/", "%", ",", "[::1]", "?", "%00"}, 400},
        {"upload",
         upload,
         {"PK\x03\x04", "PK\x05\x06", "PK\x01\x02", "\x89PNG\r\n\x1a\n", "IHDR", "IEND", "\xFF\xD8\xFF", "%PDF-",
          "\xFF\xC0", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".docx", ".png", ".jpg", "[Content_Types].xml",
          "word/document.xml"}},
    };
    return all;
}

} // namespace cunmai::fuzz
