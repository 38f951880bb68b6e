#include "adapters/services/verifier.hpp"

#include "engine/json_text.hpp"
#include "workflows/evaluation/self_check.hpp"

#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <ostream>
#include <set>
#include <streambuf>
#include <thread>

namespace cunmai::verifier {

namespace {

using engine::Damage;

constexpr int ids_per_page = 1000;
constexpr std::size_t threads_max = 4; // leaves sessions of the pool to others
constexpr std::size_t cases_a_thread_min = 50;

// Hashes what is written to it and keeps nothing.
class Sha256Buffer final : public std::streambuf {
  public:
    Sha256Buffer() { crypto_hash_sha256_init(&state_); }

    std::string hex() {
        unsigned char digest[crypto_hash_sha256_BYTES];
        crypto_hash_sha256_final(&state_, digest);
        std::string text(sizeof digest * 2 + 1, '\0');
        sodium_bin2hex(text.data(), text.size(), digest, sizeof digest);
        text.pop_back();
        return text;
    }

  private:
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes),
                                  static_cast<unsigned long long>(count));
        return count;
    }
    int_type overflow(int_type byte) override {
        const char one = traits_type::to_char_type(byte);
        xsputn(&one, 1);
        return byte;
    }

    crypto_hash_sha256_state state_{};
};

class Verification {
  public:
    Verification(App& app, const Options& options) : app_(app), options_(options) {}

    Report run(const Progress& progress) {
        for (auto& id : app_.cases.ids_with_wrong_slot(ids_per_page)) wrong_slots_.insert(std::move(id));
        const auto ids = options_.only.empty() ? all_ids() : std::vector{options_.only};
        const auto threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, threads_max);
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < threads && i * cases_a_thread_min < ids.size(); ++i)
            helpers.emplace_back([&] { check_all(ids, progress); });
        check_all(ids, progress);
        helpers.clear(); // joins
        if (failure_) std::rethrow_exception(failure_);
        for (auto& [index, damage] : damage_) report_.damage.push_back(std::move(damage));
        return std::move(report_);
    }

  private:
    std::vector<engine::CaseId> all_ids() {
        std::vector<engine::CaseId> ids;
        for (;;) {
            const auto page = app_.cases.all_ids(ids.empty() ? "" : ids.back().text, ids_per_page);
            ids.insert(ids.end(), page.begin(), page.end());
            if (page.size() < ids_per_page) break;
        }
        // Events whose case row is gone are found without the row.
        for (auto& id : app_.cases.ids_with_events_but_no_row(ids_per_page)) ids.push_back(std::move(id));
        return ids;
    }

    // Of each thread: the next case that nobody has.
    void check_all(const std::vector<engine::CaseId>& ids, const Progress& progress) {
        for (std::size_t index; (index = next_++) < ids.size();) {
            std::optional<Damage> damage;
            try {
                damage = checked(ids[index]);
            } catch (...) {
                const std::lock_guard lock(mutex_);
                failure_ = std::current_exception();
                next_ = ids.size();
                return;
            }
            const std::lock_guard lock(mutex_);
            if (damage) damage_.emplace(index, std::move(*damage));
            ++report_.cases;
            if (progress) progress(report_.cases, static_cast<std::int64_t>(ids.size()));
        }
    }

    std::optional<Damage> checked(const engine::CaseId& id) {
        try {
            return damage_of(id);
        } catch (const engine::StoreUnavailable&) {
            throw;
        } catch (const std::exception& error) { // what is stored can't even be read as what it should be
            return Damage{id, 0, error.what()};
        }
    }

    std::optional<Damage> damage_of(const engine::CaseId& id) {
        const auto events = app_.cases.events(id);
        {
            const std::lock_guard lock(mutex_);
            report_.events += static_cast<std::int64_t>(events.size());
        }
        if (auto damage = engine::check_chain(id, events)) return damage;
        const auto row = app_.cases.row(id);
        if (events.empty()) return Damage{id, 0, row ? "the case has no events" : "there is no such case"};
        if (!row) return Damage{id, 0, "the case row is missing"};
        engine::CaseRow folded;
        const auto decided_otherwise = options_.replay ? engine::replay(app_.registry, events, folded) : std::nullopt;
        try {
            if (!options_.replay || decided_otherwise) folded = engine::fold(app_.registry, events);
        } catch (const std::runtime_error&) {
            if (decided_otherwise) return decided_otherwise; // which names the event
            throw;
        }
        if (row->version != folded.version)
            return Damage{id, std::min(row->version, folded.version) + 1,
                          "the case row is at version " + std::to_string(row->version) + ", its events end at " +
                              std::to_string(folded.version)};
        if (const auto differs = differing(*row, folded); !differs.empty())
            return Damage{id, 0, "the case row differs from its events in " + differs};
        if (decided_otherwise) return decided_otherwise;
        return damaged_document(id, events);
    }

    // A place may have been renamed since the case was opened: then its row, and a title written after that, have the
    // register's name and the events the old one. Everything else is as the events say.
    std::string differing(const engine::CaseRow& row, engine::CaseRow folded) {
        if (row.place.level != folded.place.level) return "place_level";
        if (row.place.parent != folded.place.parent) return "place_parent";
        if (row.one_open_per_place != folded.one_open_per_place) return "one_open_per_place";
        if (wrong_slots_.contains(row.id)) return "open_slot";
        if (row.place.name == folded.place.name) return engine::difference(row, folded);
        const auto place = app_.places.find(row.place.code);
        if (!place || place->name != row.place.name) return "place_name";
        if (const auto differs = engine::difference(row, folded); differs != "title") return differs;
        folded.summary = app_.registry.find(folded.definition, folded.definition_version)
                             ->summary({row.id, row.place, row.state, folded.facts});
        return engine::difference(row, folded);
    }

    // Of the documents that the events name, of those that answers among them name, and of those linked to the case.
    std::optional<Damage> damaged_document(const engine::CaseId& id, const std::vector<engine::Event>& events) {
        std::set<std::string> checked;
        for (const auto& event : events)
            for (const auto& sha256 : named_in(event))
                if (checked.insert(sha256).second && !document_whole(sha256))
                    return Damage{id, event.seq, "document " + sha256 + " is missing or damaged"};
        for (const auto& sha256 : app_.documents.links_of_case(id))
            if (checked.insert(sha256).second && !document_whole(sha256))
                return Damage{id, 0, "document " + sha256 + " is missing or damaged"};
        return {};
    }

    static bool may_name_documents(const engine::Field& field) {
        return field.type == engine::FieldType::document || field.type == engine::FieldType::documents ||
               field.key == workflows::self_check::answers_field;
    }

    std::vector<std::string> named_in(const engine::Event& event) {
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
    std::set<std::string> evidence_in(const std::string& answers) {
        const auto document = app_.documents.info(answers);
        if (!document || document->size > workflows::self_check::answers_bytes_max || !document_whole(answers))
            return {};
        return workflows::self_check::evidence_named(Json::parse(app_.documents.content(answers), nullptr, false));
    }

    bool document_whole(const std::string& sha256) {
        const std::lock_guard lock(documents_mutex_); // while it is read, too: others would read the same one again
        const auto known = documents_.find(sha256);
        if (known != documents_.end()) return known->second;
        ++report_.documents;
        return documents_[sha256] = app_.documents.info(sha256) && hash_of_content(sha256) == sha256;
    }

    std::string hash_of_content(const std::string& sha256) { // empty when it can't be read
        Sha256Buffer buffer;
        std::ostream out(&buffer);
        try {
            app_.documents.write_to(sha256, out);
        } catch (const engine::StoreUnavailable&) { throw; } catch (const std::exception&) {
            return "";
        }
        return buffer.hex();
    }

    App& app_;
    Options options_;
    std::set<engine::CaseId> wrong_slots_;
    std::atomic<std::size_t> next_ = 0; // case
    std::mutex mutex_;                  // guards the report (documents: documents_mutex_), damage_, failure_
    Report report_;
    std::map<std::size_t, Damage> damage_; // by the case's place in the order
    std::exception_ptr failure_;
    std::mutex documents_mutex_;
    std::map<std::string, bool> documents_; // SHA-256 → is whole; a document is read once
};

} // namespace

Report verify(App& app, const Options& options, const Progress& progress) {
    return Verification(app, options).run(progress);
}

} // namespace cunmai::verifier
