// Uploads and downloads of documents. An upload is streamed into a temporary file, refused as soon as it exceeds the
// limit, checked (uploads.hpp), and stored by its content. A download goes out as an attachment under a safe name, to
// persons who may read the document.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/http/edge/download.hpp"
#include "adapters/http/wire/temp_file.hpp"
#include "adapters/services/linking.hpp"
#include "adapters/services/uploads.hpp"
#include "workflows/evaluation/self_check.hpp"

#include <array>
#include <filesystem>
#include <fstream>

namespace cunmai::http::api {

namespace {

constexpr auto json_type = "application/json";
constexpr int json_depth_max = 20;
constexpr auto name_pattern = R"(^[^\x00-\x1F\x7F/\\"<>|:*?%;]{1,120}$)";

const std::vector<std::string>& media_types() {
    static const std::vector<std::string> types{
        "image/jpeg",
        "image/png",
        "image/webp",
        "application/pdf",
        "text/plain",
        "text/csv",
        json_type,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/x-ole-storage",
        "application/ofd",
        "application/octet-stream"};
    return types;
}

[[noreturn]] void fail(int status, std::string_view code, Json facts = Json::object()) {
    Problem problem;
    problem.status = status;
    problem.code = code;
    problem.facts = std::move(facts);
    throw problem;
}

[[noreturn]] void too_large(std::int64_t max) { fail(413, "upload_too_large", {{"max_mb", max >> 20}}); }

// Copies the body into the file, at most `max` bytes of it.
void spool(const Request& request, const std::string& file, std::int64_t max) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    std::array<char, 64 * 1024> buffer{};
    std::int64_t size = 0;
    while (request.stream && *request.stream) {
        request.stream->read(buffer.data(), buffer.size());
        size += request.stream->gcount();
        if (size > max) too_large(max);
        out.write(buffer.data(), request.stream->gcount());
        if (!out) throw engine::StoreUnavailable("temporary files can't be written");
    }
    out.close();
    if (!out) throw engine::StoreUnavailable("temporary files can't be written");
    if (request.content_length >= 0 && size != request.content_length) fail(400, "body_cut_short");
    if (size == 0) fail(400, "body_missing");
}

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Parses JSON without building it; stops at the first fault or when it is nested too deeply.
class ShallowJson : public nlohmann::json_sax<Json> {
  public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return ++depth_ < json_depth_max; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return depth_-- > 0; }
    bool start_array(std::size_t) override { return ++depth_ < json_depth_max; }
    bool end_array() override { return depth_-- > 0; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  private:
    int depth_ = 0;
};

// Answers to the indicators travel as JSON documents; they are checked here, everything else by uploads.hpp.
CheckedUpload check_json(const std::string& file, const std::string& name) {
    CheckedUpload checked;
    checked.media_type = json_type;
    checked.name = safe_name(name);
    checked.size = static_cast<std::int64_t>(std::filesystem::file_size(file));
    std::ifstream in(file, std::ios::binary);
    ShallowJson shallow;
    if (!Json::sax_parse(in, &shallow)) checked.refusal.add("upload_damaged", {{"name", name}});
    return checked;
}

} // namespace

Endpoint add_attachment() {
    const auto handler = [](App& app, const Request& request) {
        const auto sent_type = request.header("Content-Type");
        const auto type = sent_type.substr(0, sent_type.find(';'));
        const bool is_json = type == json_type;
        const auto max = is_json ? std::min(app.config.upload_max_bytes, workflows::self_check::answers_bytes_max)
                                 : app.config.upload_max_bytes;
        if (std::find(media_types().begin(), media_types().end(), type) == media_types().end())
            fail(415, "type_not_allowed", {{"allowed", accepted_extensions() + ",.json"}});
        if (request.content_length > max) too_large(max);
        const auto name = request.asked("name");
        const TempFile file(app.config.data_dir);
        spool(request, file.path(), max);
        if (is_json != ends_with(name, ".json")) {
            engine::Refusal why;
            why.add("upload_type_mismatch", {{"name", name}, {"type", type}});
            refused(why);
        }
        auto checked = is_json ? check_json(file.path(), name) : check_upload(file.path(), name, max);
        const auto found = checked.media_type.substr(0, checked.media_type.find(';'));
        const bool pictures = is_image(type) && is_image(found); // telephones confuse them
        if (checked.refusal.empty() && type != "application/octet-stream" && type != found && !pictures)
            checked.refusal.add("upload_type_mismatch", {{"name", checked.name}, {"type", checked.media_type}});
        if (!checked.refusal.empty()) refused(checked.refusal);
        const auto stored = keep_upload(app, request.who().person.id, file.path(), checked);
        if (!stored.refusal.empty()) refused(stored.refusal);
        const auto& info = stored.info;
        return Response::json(201, view(info)).with("Location", "/api/v1/attachments/" + info.sha256);
    };
    return {handler,
            Describe("Upload a document; it is known by the SHA-256 of its content", "attachments")
                .must_query("name",
                            {{"type", "string"}, {"minLength", 1}, {"maxLength", 120}, {"pattern", name_pattern}},
                            "File name. Its ending must agree with the content; of a picture, and of a name without "
                            "one, it becomes what the content is.")
                .takes_bytes(media_types())
                .answers(201, ref("Attachment"))
                .gives_headers(201, {"Location"})
                .may_fail({413, 415, 422}),
            true};
}

Endpoint get_attachment() {
    const auto handler = [](App& app, const Request& request) {
        const auto document = documents::readable(app, request.who().viewer, request.param("sha256"));
        if (!document) not_found();
        auto type = document->media_type;
        if (type.starts_with("text/") && type.find("charset=") == std::string::npos)
            type += "; charset=utf-8"; // uploads.hpp has checked that it is UTF-8
        Response response;
        as_download(response, type, document->name);
        response.content_length = document->size;
        response.stream = [&app, sha256 = document->sha256](std::ostream& out) { app.documents.write_to(sha256, out); };
        return response;
    };
    auto types = media_types();
    types.pop_back();
    return {handler,
            Describe("Download a document: for its uploader and for those who see a case that names it", "attachments")
                .path("sha256", like(sha256_pattern))
                .answers(200, anything())
                .gives_bytes(types)
                .gives_headers(200, {"Content-Disposition"})};
}

Endpoint case_documents() {
    const auto handler = [](App& app, const Request& request) {
        auto items = Json::array();
        for (const auto& document : reading(app, request).documents(case_of(app, request).id))
            items.push_back(view(document));
        return Response::json(200, page_after(request, items, "sha256"));
    };
    return {handler, Describe("Documents of a case", "attachments").id().paged().answers(200, page_of("Attachment"))};
}

} // namespace cunmai::http::api
