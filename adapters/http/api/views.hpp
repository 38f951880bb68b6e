// The answers of the API: one function for each component of components.cpp.
#pragma once

#include "adapters/http/api/describe.hpp"

namespace cunmai::http::api {

Json view(const engine::Place& place);
Json view(const engine::CaseRow& row, const std::string& number);
Json detail(const engine::CaseRow& row, const std::string& number);
Json view(const engine::Outcome& outcome); // an accepted outcome
Json view(const db::GrantRow& grant);
Json view(const db::DocumentInfo& document);
Json view(const db::WorkItem& item);
Json view(const db::WorkCounts& counts);
Json view(const ReadableEvent& event, const std::map<std::string, std::string>& names);
Json view(const db::DelegationRow& row, const std::map<std::string, std::string>& names);
Json view(const engine::Offer& offer, const std::string& definition, const std::string& language);
Json view(const engine::Field& field, const std::string& language);
Json reasons(const Json& stored, const std::string& language); // of a refused command
Json reasons(const engine::Refusal& refusal, const std::string& language);
Json name_of(const std::map<std::string, std::string>& names, const std::string& id); // null when unknown
Json payload_schema(const engine::Fields& fields);                                    // of a command, for the document
std::string label(const std::string& language, const std::string& prefix,
                  const std::string& key); // the key itself when there is no text

} // namespace cunmai::http::api
