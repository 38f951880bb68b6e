#include "adapters/services/verified_documents.hpp"

#include "engine/digest.hpp"
#include "engine/json_text.hpp"
#include "workflows/evaluation/self_check.hpp"

#include <algorithm>
#include <ostream>
#include <streambuf>

namespace cunmai::verifier {

using engine::Damage;

namespace {

// A stream buffer that hashes and counts what is written to it and stores nothing.
class Sha256Buffer final : public std::streambuf {
  public:
    std::string hex() { return hash_.hex(); }
    std::int64_t size() const { return size_; }

  private:
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        hash_.add({bytes, static_cast<std::size_t>(count)});
        size_ += count;
        return count;
    }
    int_type overflow(int_type byte) override {
        const char one = traits_type::to_char_type(byte);
        xsputn(&one, 1);
        return byte;
    }

    Sha256 hash_;
    std::int64_t size_ = 0;
};

bool may_name_documents(const engine::Field& field) {
    return field.type == engine::FieldType::document || field.type == engine::FieldType::documents ||
           field.key == workflows::self_check::answers_field;
}

} // namespace

std::optional<Damage> VerifiedDocuments::damage_of(const engine::CaseId& id, const std::vector<engine::Event>& events,
                                                   const std::function<std::vector<engine::Event>()>& opened_by) {
    std::map<std::string, std::int64_t> named; // document → the first event that names it
    for (const auto& event : events)
        for (const auto& sha256 : named_in(event))
            if (named.emplace(sha256, event.seq).second && !is_whole(sha256))
                return Damage{id, event.seq, "document " + sha256 + " is missing or damaged"};
    const auto links = app_.documents.links_of_case(id);
    std::optional<std::set<std::string>> of_opener;
    for (const auto& sha256 : links) {
        if (named.contains(sha256)) continue;
        if (!is_whole(sha256)) return Damage{id, 0, "document " + sha256 + " is missing or damaged"};
        if (!of_opener) {
            of_opener.emplace();
            for (const auto& event : opened_by())
                for (auto& one : named_in(event)) of_opener->insert(std::move(one));
        }
        if (!of_opener->contains(sha256))
            return Damage{id, 0, "document " + sha256 + " is linked, but no event names it"};
    }
    for (const auto& [sha256, seq] : named)
        if (std::find(links.begin(), links.end(), sha256) == links.end())
            return Damage{id, seq, "document " + sha256 + " is named, but not linked: nobody can read it"};
    return {};
}

std::vector<std::string> VerifiedDocuments::named_in(const engine::Event& event) {
    std::vector<std::string> names;
    const auto* definition = app_.registry.find(event.definition, event.definition_version);
    const auto* command = definition ? definition->info().command(event.command) : nullptr;
    if (!command || std::none_of(command->fields.begin(), command->fields.end(), may_name_documents)) return names;
    const auto payload = parse_json(event.payload);
    for (const auto& field : command->fields) {
        const auto value = payload.find(field.key);
        if (value == payload.end()) continue;
        if (field.type == engine::FieldType::document && value->is_string()) names.push_back(*value);
        if (field.key == workflows::self_check::answers_field && value->is_string())
            for (const auto& evidence : evidence_in(*value)) names.push_back(evidence);
        if (field.type == engine::FieldType::documents && value->is_array())
            for (const auto& one : *value) names.push_back(one);
    }
    return names;
}

// Of a document that is missing or damaged: nothing; that is found by itself.
std::set<std::string> VerifiedDocuments::evidence_in(const std::string& answers) {
    const auto document = app_.documents.info(answers);
    if (!document || document->size > workflows::self_check::answers_bytes_max || !is_whole(answers)) return {};
    return workflows::self_check::evidence_named(Json::parse(app_.documents.content(answers), nullptr, false));
}

bool VerifiedDocuments::is_whole(const std::string& sha256) {
    const std::lock_guard lock(mutex_); // while it is read, too: others would read the same one again
    const auto known = is_whole_.find(sha256);
    if (known != is_whole_.end()) return known->second;
    ++read_;
    bool whole = false;
    try {
        const auto info = app_.documents.info(sha256);
        Sha256Buffer buffer;
        std::ostream out(&buffer);
        if (info) app_.documents.write_to(sha256, out);
        whole = info && buffer.hex() == sha256 && buffer.size() == info->size;
    } catch (const engine::StoreUnavailable&) { throw; } catch (const std::exception&) {
        whole = false; // can't be read
    }
    return is_whole_[sha256] = whole;
}

} // namespace cunmai::verifier
