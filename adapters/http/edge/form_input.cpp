#include "adapters/http/edge/input.hpp"
#include "engine/text.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/MediaType.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/MultipartReader.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>

namespace cunmai::http {

namespace {

// Decodes %xx and +. An incomplete escape is an error.
std::string decoded(std::string_view text, bool plus_is_space, const std::string& code) {
    std::string result, encoded(text);
    if (plus_is_space) std::replace(encoded.begin(), encoded.end(), '+', ' ');
    try {
        Poco::URI::decode(encoded, result);
    } catch (const Poco::Exception&) { throw Problem{.status = 400, .code = code}; }
    if (!is_utf8_without_nul(result)) throw Problem{.status = 400, .code = code};
    return result;
}

using Poco::Net::MessageHeader;
using Poco::Net::NameValueCollection;

// Reads the parts of one multipart body into a request.
class Parts {
  public:
    Parts(Request::Parsed& parsed, const Config& config, Files files)
        : parsed_(parsed), config_(config), files_(files) {}

    void take(const MessageHeader& header, std::istream& content) {
        if (++count_ > form_fields_max) throw Problem{.status = 400, .code = "form_too_many_fields"};
        std::string disposition;
        NameValueCollection parameters;
        MessageHeader::splitParameters(header.get("Content-Disposition", ""), disposition, parameters);
        if (!parameters.has("filename"))
            take_text(parameters["name"], content);
        else if (files_ != Files::pass_over)
            take_file(header, parameters, content);
        content.ignore(std::numeric_limits<std::streamsize>::max()); // or the next part is not found
    }

  private:
    void take_text(const std::string& name, std::istream& content) {
        std::string value;
        std::array<char, 4096> buffer;
        while (content.read(buffer.data(), buffer.size()), content.gcount() > 0) {
            text_bytes_ += content.gcount();
            if (text_bytes_ > config_.body_max_bytes)
                throw Problem{
                    .status = 413, .code = "body_too_large", .facts = {{"max_kb", config_.body_max_bytes >> 10}}};
            value.append(buffer.data(), static_cast<std::size_t>(content.gcount()));
        }
        if (!is_utf8_without_nul(name) || !is_utf8_without_nul(value))
            throw Problem{.status = 400, .code = "form_invalid"};
        parsed_.form.emplace(name, std::move(value));
    }

    void take_file(const MessageHeader& header, const NameValueCollection& parameters, std::istream& content) {
        Request::Upload upload;
        upload.field = parameters.get("name", "");
        upload.name = parameters.get("filename", "");
        upload.media_type = header.get("Content-Type", "");
        if (!is_utf8_without_nul(upload.field) || !is_utf8_without_nul(upload.name))
            throw Problem{.status = 400, .code = "form_invalid"};

        TempFile file(config_.data_dir);
        std::ofstream out(file.path(), std::ios::binary);
        std::array<char, 64 * 1024> buffer;
        while (content.read(buffer.data(), buffer.size()), content.gcount() > 0) {
            const auto room = config_.upload_max_bytes + 1 - upload.size;
            upload.size += content.gcount();
            if (upload.size > config_.upload_max_bytes && files_ != Files::keep_cut)
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

    Request::Parsed& parsed_;
    const Config& config_;
    const Files files_;
    int count_ = 0;
    std::int64_t text_bytes_ = 0;
};

} // namespace

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

void read_multipart(const Request& request, std::istream& body, const Config& config, Files files) {
    auto parsed = std::make_shared<Request::Parsed>();
    parsed->done = true;
    request.parsed = parsed;
    Parts parts(*parsed, config, files);
    try {
        const Poco::Net::MediaType type(request.header("Content-Type"));
        Poco::Net::MultipartReader reader(body, type.getParameter("boundary"));
        while (reader.hasNextPart()) {
            MessageHeader header;
            reader.nextPart(header);
            parts.take(header, reader.stream());
        }
    } catch (const Poco::Exception&) { // no boundary, a part without a name
        throw Problem{.status = 400, .code = "form_invalid"};
    }
}

std::string form_value(const Request& request, std::string_view key) {
    const auto& form = request.form();
    const auto found = form.find(std::string(key));
    return found == form.end() ? "" : trimmed(found->second);
}

std::vector<std::string> form_values(const Request& request, std::string_view key) {
    std::vector<std::string> values;
    const auto range = request.form().equal_range(std::string(key));
    for (auto at = range.first; at != range.second; ++at)
        if (const auto value = trimmed(at->second); !value.empty()) values.push_back(value);
    return values;
}

} // namespace cunmai::http
