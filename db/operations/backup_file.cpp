#include "db/operations/backup_file.hpp"

#include "engine/digest.hpp"
#include "engine/fingerprint.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace cunmai::db {

namespace {

constexpr std::size_t buffer_bytes = 1 << 20;

[[noreturn]] void cannot_write(const std::string& file) {
    throw std::filesystem::filesystem_error("can't write", file, std::error_code(errno, std::generic_category()));
}

bool is_value(const Json& value) {
    return value.is_string() || value.is_number_integer() || value.is_null() ||
           (value.is_object() && value.size() == 1 && value.contains("base64") && value["base64"].is_string());
}

} // namespace

const std::vector<KeptTable>& kept_tables() {
    static const std::vector<KeptTable> tables{
        {"places", {"code"}},
        {"people", {"id"}},
        {"role_grants", {"id"}},
        {"delegations", {"id"}},
        {"interests", {"id"}},
        {"cases", {"id"}},
        {"case_events", {"case_id", "seq"}},
        {"work_items", {"case_id", "n"}},
        {"timers", {"case_id", "timer_key"}},
        {"involved", {"case_id", "person", "involved_as"}},
        {"outbox", {"id"}},
        {"command_keys", {"actor", "command_key"}},
        {"refusals", {"id"}},
        {"definitions", {"definition", "version"}},
        {"sessions", {"token_hash"}},
        {"sign_in_failures", {"id"}},
        {"access_log", {"id"}},
        {"admin_log", {"id"}},
        {"rules", {"rule_key", "version"}},
        {"settings", {"setting_key"}},
        {"chains", {"chain"}},
        {"drafts", {"case_id"}},
        {"documents", {"sha256"}},
        {"document_chunks", {"sha256", "n"}},
        {"document_links", {"case_id", "sha256"}},
        {"document_uploads", {"sha256", "person"}},
        {"inbox", {"id"}},
        {"mails", {"id"}},
    };
    return tables;
}

BackupWriter::BackupWriter(std::string file) : file_(std::move(file)), unfinished_(file_ + ".part") {
    descriptor_ = ::open(unfinished_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor_ < 0) cannot_write(unfinished_);
}

BackupWriter::~BackupWriter() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(unfinished_.c_str());
}

void BackupWriter::put(const std::string& text) {
    buffer_ += text;
    std::size_t written = 0;
    if (buffer_.size() < buffer_bytes && !text.empty()) return;
    while (written < buffer_.size()) {
        const auto count = ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
        if (count < 0 && errno != EINTR) cannot_write(unfinished_);
        if (count > 0) written += static_cast<std::size_t>(count);
    }
    buffer_.clear();
}

void BackupWriter::line(const Json& json) {
    const auto text = json.dump() + '\n';
    hash_.add(text);
    put(text);
}

std::string BackupWriter::finish() {
    const auto sha256 = hash_.hex();
    put(Json{{"sha256", sha256}}.dump() + '\n');
    put("");
    if (::fsync(descriptor_) != 0) cannot_write(unfinished_);
    if (std::rename(unfinished_.c_str(), file_.c_str()) != 0) cannot_write(file_);
    ::close(descriptor_);
    descriptor_ = -1;
    return sha256;
}

BackupReader::BackupReader(const std::string& file) : in_(file, std::ios::binary) {
    if (!in_) throw DamagedBackup("can't read " + file);
}

void BackupReader::damaged(const std::string& why) const {
    throw DamagedBackup("the backup is damaged in line " + std::to_string(line_) + ": " + why);
}

Json BackupReader::next() {
    ++line_;
    if (!std::getline(in_, text_)) damaged("it ends too early");
    if (in_.eof()) damaged("it ends inside a line");
    auto json = Json::parse(text_, nullptr, false);
    if (json.is_discarded()) damaged("not JSON");
    return json;
}

BackupSummary BackupReader::read(const Listener& listener) {
    Sha256 hash;
    BackupSummary summary;

    const auto header = next();
    if (!header.is_object() || header.value("format", Json()) != backup_format) damaged("not a backup of this program");
    if (!header.contains("tables") || !header["tables"].is_object() ||
        !header.value("schema", Json()).is_number_integer())
        damaged("no list of tables");
    hash.add(text_ + '\n');
    if (listener.header) listener.header(header);

    Table table;
    for (;;) {
        const auto json = next();
        if (json.is_object() && json.contains("sha256")) {
            summary.sha256 = hash.hex();
            if (json["sha256"] != summary.sha256) damaged("the checksum does not fit what stands before it");
            break;
        }
        hash.add(text_ + '\n');
        if (json.is_object()) {
            if (!json.value("table", Json()).is_string() || !json.value("columns", Json()).is_array())
                damaged("not a table");
            table = {json["table"].get<std::string>(), {}};
            for (const auto& column : json["columns"]) {
                if (!column.is_string()) damaged("a column without a name");
                table.columns.push_back(column.get<std::string>());
            }
            if (!summary.rows.emplace(table.name, 0).second) damaged("table " + table.name + " comes twice");
            if (listener.table) listener.table(table);
            continue;
        }
        if (!json.is_array() || table.name.empty() || json.size() != table.columns.size()) damaged("not a row");
        if (!std::all_of(json.begin(), json.end(), is_value)) damaged("a value of another kind");
        ++summary.rows[table.name];
        if (listener.row) listener.row(table, json);
    }
    if (in_.peek() != std::ifstream::traits_type::eof()) damaged("something follows its end");
    if (Json(summary.rows) != header["tables"]) damaged("tables or rows are missing");
    return summary;
}

} // namespace cunmai::db
