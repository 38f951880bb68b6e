#include "db/kernel/chains.hpp"

#include "engine/digest.hpp"

namespace cunmai::db {

namespace {

constexpr Later begin_chain{"chains.begin"}, move_chain{"chains.move", {}, 1, false};

std::string chain_of(const std::string& place_path) { return "refusals:" + place_path; }

// Where what this transaction has not written yet will leave the chain; nullopt: it has added nothing to it.
std::optional<ChainHead> waiting_head(const Connection& connection, const std::string& name) {
    std::optional<ChainHead> head;
    const auto look = [&](const Params& row) {
        std::string chain, hash;
        std::int64_t length = 0;
        for (const auto& param : row) {
            if (param.name == "chain") chain = std::get<std::string>(param.value);
            if (param.name == "length") length = std::get<std::int64_t>(param.value);
            if (param.name == "head_hash") hash = std::get<std::string>(param.value);
        }
        if (chain == name && (!head || length > head->length)) head = ChainHead{length, hash};
    };
    connection.each_waiting(begin_chain, look);
    connection.each_waiting(move_chain, look);
    return head;
}

} // namespace

LinkBytes& LinkBytes::text(std::string_view text) {
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(text.size()) >> shift & 0xFF));
    bytes_.append(text);
    return *this;
}

LinkBytes& LinkBytes::number(std::int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xFF));
    return *this;
}

std::string LinkBytes::hash_after(const std::string& previous) const { return sha256_hex(from_hex(previous) + bytes_); }

Outs refusal_outs(ChainedRefusal& r) {
    return {r.id,    r.case_id,      r.definition, r.place_path, r.command, r.state, r.at,
            r.actor, r.on_behalf_of, r.reasons,    r.request_id, r.seq,     r.hash};
}

std::string hash_of(const ChainedRefusal& r, const std::string& previous) {
    return LinkBytes("cunmai.refusal.1")
        .text(r.id)
        .text(r.case_id)
        .text(r.definition)
        .text(r.place_path)
        .text(r.command)
        .text(r.state)
        .number(r.at.micros)
        .text(r.actor)
        .text(r.on_behalf_of)
        .text(r.reasons)
        .text(r.request_id)
        .number(r.seq)
        .hash_after(previous);
}

void chain(Connection& connection, ChainedRefusal& refusal) {
    const auto name = chain_of(refusal.place_path);
    auto head = waiting_head(connection, name);
    bool is_there = head.has_value();
    if (!head) {
        head.emplace();
        is_there = connection.first_fresh("chains.head", {{"chain", name}}, {head->length, head->hash});
    }
    refusal.seq = head->length + 1;
    refusal.hash = hash_of(refusal, head->hash);
    if (is_there)
        connection.add_later(move_chain, row_params({{"length", refusal.seq},
                                                     {"head_hash", refusal.hash},
                                                     {"chain", name},
                                                     {"length_before", head->length}}));
    else // another who begins it at the same moment has the same key: COMMIT says TryAgain to one of them
        connection.add_later(begin_chain,
                             row_params({{"chain", name}, {"length", refusal.seq}, {"head_hash", refusal.hash}}));
}

std::string digest_of(const std::vector<ChainedRefusal>& before_the_chain) {
    auto digest = engine::first_previous_hash;
    for (const auto& refusal : before_the_chain) digest = hash_of(refusal, digest);
    return digest;
}

void take_over_refusals(Connection& connection) {
    const auto places = connection.all<std::string>("chains.places_of_unchained_refusals", {},
                                                    [](std::string& path) { return Outs{path}; });
    for (const auto& place : places) {
        const auto name = chain_of(place);
        ChainHead head;
        if (connection.first("chains.head", {{"chain", name}}, {head.length, head.hash})) continue;
        const auto before = connection.all<ChainedRefusal>("chains.refusals_of", {{"place_path", place}}, refusal_outs);
        connection.run_rows(begin_chain,
                            {row_params({{"chain", name}, {"length", 0}, {"head_hash", digest_of(before)}})});
    }
}

} // namespace cunmai::db
