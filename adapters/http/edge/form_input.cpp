#include "adapters/http/edge/input.hpp"

#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/PartHandler.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace cunmai::http {

namespace {

// Half an escape is an error.
std::string decoded(std::string_view text, bool plus_is_space, const std::string& code) {
    std::string result, encoded(text);
    if (plus_is_space) std::replace(encoded.begin(), encoded.end(), '+', ' ');
    try {
        Poco::URI::decode(encoded, result);
    } catch (const Poco::Exception&) { throw Problem{.status = 400, .code = code}; }
    if (!is_utf8(result)) throw Problem{.status = 400, .code = code};
    return result;
}

class KeepsFiles final : public Poco::Net::PartHandler {
  public:
    KeepsFiles(Request::Parsed& parsed, const Config& config, bool cut) : parsed_(parsed), config_(config), cut_(cut) {}

    void handlePart(const Poco::Net::MessageHeader& header, std::istream& content) override {
        if (++parts_ > form_fields_max) throw Problem{.status = 400, .code = "form_too_many_fields"};
        std::string disposition;
        Poco::Net::NameValueCollection parameters;
        Poco::Net::MessageHeader::splitParameters(header.get("Content-Disposition", ""), disposition, parameters);
        Request::Upload upload;
        upload.field = parameters.get("name", "");
        upload.name = parameters.get("filename", "");
        upload.media_type = header.get("Content-Type", "");
        if (!is_utf8(upload.field) || !is_utf8(upload.name)) throw Problem{.status = 400, .code = "form_invalid"};

        TempFile file(config_.data_dir);
        std::ofstream out(file.path(), std::ios::binary);
        std::array<char, 64 * 1024> buffer;
        while (content.read(buffer.data(), buffer.size()), content.gcount() > 0) {
            const auto room = config_.upload_max_bytes + 1 - upload.size;
            upload.size += content.gcount();
            if (upload.size > config_.upload_max_bytes && !cut_)
                throw Problem{
                    .status = 413, .code = "upload_too_large", .facts = {{"max_mb", config_.upload_max_bytes >> 20}}};
            if (room > 0) out.write(buffer.data(), std::min<std::streamsize>(content.gcount(), room));
        }
        out.close();
        if (!out) throw engine::StoreUnavailable("can't write a temporary file");
        if (upload.size == 0 && upload.name.empty()) return; // a file field that was left empty
        if (parsed_.uploads.size() >= form_files_max) throw Problem{.status = 400, .code = "form_too_many_fields"};
        upload.content_file = file.path();
        parsed_.uploads.push_back(std::move(upload));
        parsed_.files.push_back(std::move(file));
    }

  private:
    Request::Parsed& parsed_;
    const Config& config_;
    const bool cut_;
    int parts_ = 0;
};

} // namespace

bool is_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto byte = [&](std::size_t next) { return static_cast<unsigned char>(text[at + next]); };
        const auto lead = byte(0);
        if (lead == 0) return false;
        const std::size_t more = lead < 0x80   ? 0
                                 : lead < 0xC2 ? 9
                                 : lead < 0xE0 ? 1
                                 : lead < 0xF0 ? 2
                                 : lead < 0xF5 ? 3
                                               : 9;
        if (more == 9 || at + more >= text.size()) return false;
        for (std::size_t next = 1; next <= more; ++next)
            if ((byte(next) & 0xC0) != 0x80) return false;
        if (lead == 0xE0 && byte(1) < 0xA0) return false; // overlong
        if (lead == 0xED && byte(1) > 0x9F) return false; // surrogates
        if (lead == 0xF0 && byte(1) < 0x90) return false; // overlong
        if (lead == 0xF4 && byte(1) > 0x8F) return false; // beyond U+10FFFF
        at += more + 1;
    }
    return true;
}

std::multimap<std::string, std::string> read_pairs(std::string_view text, const std::string& code) {
    std::multimap<std::string, std::string> pairs;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty()) continue;
        if (pairs.size() >= form_fields_max) throw Problem{.status = 400, .code = "form_too_many_fields"};
        const auto equals = pair.find('=');
        pairs.emplace(decoded(pair.substr(0, equals), true, code),
                      equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1), true, code));
    }
    return pairs;
}

std::string read_path_segment(std::string_view segment) { return decoded(segment, false, "bad_path"); }

std::string media_type(const Request& request) {
    auto type = request.header("Content-Type");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') type.pop_back();
    for (auto& byte : type)
        if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + 32);
    return type;
}

bool is_multipart(const Request& request) { return media_type(request) == "multipart/form-data"; }
bool is_form(const Request& request) {
    return is_multipart(request) || media_type(request) == "application/x-www-form-urlencoded";
}

void read_multipart(const Request& request, const std::string& spooled_file, const Config& config, bool cut) {
    auto parsed = std::make_shared<Request::Parsed>();
    parsed->done = true;
    request.parsed = parsed;
    std::ifstream body(spooled_file, std::ios::binary);
    Poco::Net::HTTPRequest description(Poco::Net::HTTPRequest::HTTP_POST, "/");
    description.setContentType(request.header("Content-Type"));
    Poco::Net::HTMLForm form;
    form.setFieldLimit(form_fields_max);
    form.setValueLengthLimit(static_cast<int>(std::min<std::int64_t>(config.body_max_bytes, 1 << 20)));
    KeepsFiles handler(*parsed, config, cut);
    try {
        form.load(description, body, handler);
    } catch (const Poco::Exception&) { // a part without name, too many fields, a value too long
        throw Problem{.status = 400, .code = "form_invalid"};
    }
    for (const auto& [name, value] : form) {
        if (!is_utf8(name) || !is_utf8(value)) throw Problem{.status = 400, .code = "form_invalid"};
        parsed->form.emplace(name, value);
    }
}

} // namespace cunmai::http
