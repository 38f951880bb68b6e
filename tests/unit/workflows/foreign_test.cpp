// A field that names a person, a case, a document or a place of another district is refused exactly like one that names
// nothing: a command's reasons tell nothing of what its giver may not know of. For every such field of every command,
// in every shape of a case that the played lives reach.
#include "tests/unit/workflows/moments.hpp"

#include <algorithm>

namespace cunmai::workflows::test {
namespace {

using namespace engine;
using Kind = Outcome::Kind;

const std::string far_path = "/990200/990200001/990200001201/";

// A draft may name anybody; the person is looked at when it is issued.
const std::set<std::string> looked_at_later{"village_lifecycle issue_prescription responsible_person"};

class ForeignTest : public ::testing::Test, protected Moments {
  protected:
    // In the other district everybody holds every role, and every case is in every state.
    void settle_the_other_district() {
        auto& memory = district_->store.memory;
        memory.places["990200"] = {"990200", "示例丙区", "", "district", "/990200/"};
        memory.places["990200001201"] = {"990200001201", "示例丙村", "990200001", "village", far_path};
        for (const auto& role : district_->roles.all())
            if (role.kind == RoleInfo::Kind::acts) district_->grant("far", role.key, "/990200/", "organisation");
        for (const auto* definition : district_->registry.all())
            for (const auto& state : definition->info().states)
                if (!state.final)
                    far_cases_.push_back(district_->place_case(definition->info().key, "990200001201", state.key,
                                                               {{"opened_on", district_->today()}, {"parent", "far"}},
                                                               "", definition->info().version));
    }

    static bool names_something(FieldType type) {
        return type == FieldType::person || type == FieldType::people || type == FieldType::case_id ||
               type == FieldType::cases || type == FieldType::places;
    }
    static Json as_value(FieldType type, const std::string& id) {
        const bool is_list = type == FieldType::people || type == FieldType::cases || type == FieldType::places;
        return is_list ? Json{id} : Json(id);
    }
    std::vector<std::string> far_things(FieldType type) const {
        if (type == FieldType::person || type == FieldType::people) return {"far"};
        if (type == FieldType::places) return {"990200", "990200001201"};
        std::vector<std::string> ids;
        for (const auto& id : far_cases_) ids.push_back(id.text);
        return ids;
    }
    static std::string reasons(const Outcome& outcome, const std::string& id) {
        auto text = engine::to_json(outcome.refusal).dump();
        for (auto at = text.find(id); at != std::string::npos; at = text.find(id)) text.replace(at, id.size(), "*");
        return text;
    }

    std::vector<CaseId> far_cases_;
};

TEST_F(ForeignTest, ThingsOfAnotherDistrictLookAsIfTheyDidNotExist) {
    settle_the_other_district();
    std::set<std::string> fields, tried;
    for (const auto& moment : play()) {
        go_to(moment);
        const auto row = district_->row(moment.id);
        const auto& info = district_->definition_of(row).info();
        for (const auto& command : info.commands) {
            if (command.internal || info.who_may(row.state, command.key).empty()) continue;
            const auto person = district_->person_for(moment.id, command.key);
            for (const auto& field : command.fields) {
                if (!names_something(field.type)) continue;
                const auto missing =
                    give(moment, command.key, person, "", {{field.key, as_value(field.type, "nothing")}});
                const auto kind =
                    row.state + " " + info.key + " " + command.key + " " + field.key + reasons(missing, "nothing");
                if (!tried.insert(kind).second) continue;
                for (const auto& id : far_things(field.type)) {
                    SCOPED_TRACE(info.key + " " + row.state + " " + command.key + " " + field.key + " " + id);
                    const auto far = give(moment, command.key, person, "", {{field.key, as_value(field.type, id)}});
                    const auto name = info.key + " " + command.key + " " + field.key;
                    if (!looked_at_later.contains(name)) { EXPECT_NE(far.kind, Kind::accepted); }
                    EXPECT_EQ(far.kind, missing.kind);
                    EXPECT_EQ(reasons(far, id), reasons(missing, "nothing"));
                    fields.insert(name);
                }
            }
        }
    }
    EXPECT_GE(fields.size(), 10U);
}

} // namespace
} // namespace cunmai::workflows::test
