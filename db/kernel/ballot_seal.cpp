#include "db/kernel/ballot_seal.hpp"

#include "engine/digest.hpp"

#include <sodium.h>

#include <stdexcept>

namespace cunmai::db {

namespace {

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

} // namespace

BallotSeal::BallotSeal(std::string_view secret, std::string_view case_id, std::string_view box)
    : key_(crypto_secretbox_KEYBYTES, '\0') {
    if (secret.empty()) throw std::logic_error("a secret ballot needs the server's secret");
    std::string purpose = "cunmai.ballot_box.1";
    for (const auto part : {case_id, box}) (purpose += '\0').append(part);
    std::string secret_key(crypto_generichash_KEYBYTES_MAX, '\0'); // a secret of any length
    crypto_generichash(raw(secret_key), secret_key.size(), raw(secret), secret.size(), nullptr, 0);
    crypto_generichash(raw(key_), key_.size(), raw(purpose), purpose.size(), raw(secret_key), secret_key.size());
}

std::string BallotSeal::seal(std::string_view choice) const {
    if (choice.size() > choice_bytes_max) throw std::logic_error("a choice of a secret ballot is too long");
    std::string plain(1 + choice_bytes_max, '\0'); // length, choice, zeros: always the same size
    plain[0] = static_cast<char>(choice.size());
    choice.copy(plain.data() + 1, choice.size());
    std::string nonce(crypto_secretbox_NONCEBYTES, '\0');
    randombytes_buf(nonce.data(), nonce.size());
    std::string box(crypto_secretbox_MACBYTES + plain.size(), '\0');
    crypto_secretbox_easy(raw(box), raw(plain), plain.size(), raw(nonce), raw(key_));
    return to_base64(nonce + box);
}

std::string BallotSeal::open(std::string_view sealed) const {
    const auto bytes = from_base64(sealed);
    std::string plain(1 + choice_bytes_max, '\0');
    constexpr std::size_t nonce_size = crypto_secretbox_NONCEBYTES;
    if (!bytes || bytes->size() != nonce_size + crypto_secretbox_MACBYTES + plain.size())
        throw std::runtime_error("a vote in a sealed box is damaged");
    const std::string_view nonce = std::string_view(*bytes).substr(0, nonce_size);
    const std::string_view box = std::string_view(*bytes).substr(nonce_size);
    if (crypto_secretbox_open_easy(raw(plain), raw(box), box.size(), raw(nonce), raw(key_)) != 0)
        throw std::runtime_error("a vote in a sealed box can't be opened: another secret, or damaged");
    return plain.substr(1, static_cast<unsigned char>(plain[0]));
}

} // namespace cunmai::db
