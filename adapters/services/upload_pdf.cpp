// Whether the empty password opens a file is decided as ISO 32000-2, 7.6.4 says, from the dictionary that stands behind
// /Encrypt: it is never packed away, so that it can be read without reading the rest.
#include "adapters/services/upload_pdf.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>

namespace cunmai::http::pdf {

namespace {

constexpr std::string_view mark = "%PDF-";
constexpr std::string_view blanks = " \t\r\n\f";
constexpr auto nowhere = std::string_view::npos;

// ---- the little of PDF's syntax that is needed

bool ends_word(std::string_view text, std::size_t at) {
    return at >= text.size() || blanks.find(text[at]) != nowhere ||
           std::string_view("()<>[]/").find(text[at]) != nowhere;
}

std::string_view skipped(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

// What stands behind a name; empty when it isn't there.
std::string_view behind(std::string_view text, std::string_view name) {
    for (auto at = text.find(name); at != nowhere; at = text.find(name, at + 1))
        if (ends_word(text, at + name.size())) return skipped(text.substr(at + name.size()));
    return {};
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end != text.data() ? std::optional(value) : std::nullopt;
}

int hex_digit(char byte) {
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

std::string hex_string(std::string_view text) { // behind its <
    std::string digits;
    for (const char byte : text.substr(0, text.find('>')))
        if (hex_digit(byte) >= 0) digits += static_cast<char>(hex_digit(byte));
    if (digits.size() % 2) digits += '\0';
    std::string result;
    for (std::size_t at = 0; at < digits.size(); at += 2) result += static_cast<char>(digits[at] * 16 + digits[at + 1]);
    return result;
}

// An escape of a text in parentheses: `at` stands behind the backslash, and behind the escape afterwards.
std::string escaped(std::string_view text, std::size_t& at) {
    const char byte = text[at++];
    constexpr std::string_view letters = "nrtbf", meant = "\n\r\t\b\f";
    if (const auto letter = letters.find(byte); letter != nowhere) return std::string(1, meant[letter]);
    if (byte == '\r') {
        if (at < text.size() && text[at] == '\n') ++at;
        return "";
    }
    if (byte == '\n') return "";
    if (byte < '0' || byte > '7') return std::string(1, byte);
    int value = byte - '0';
    for (int more = 0; more < 2 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++more)
        value = value * 8 + (text[at++] - '0');
    return std::string(1, static_cast<char>(value));
}

std::string string_of(std::string_view text) {
    if (text.empty()) return "";
    if (text.front() == '<') return hex_string(text.substr(1));
    if (text.front() != '(') return "";
    std::string result;
    int depth = 1;
    for (std::size_t at = 1; at < text.size();) {
        const char byte = text[at++];
        if (byte == '(') ++depth;
        if (byte == ')' && --depth == 0) break;
        if (byte != '\\')
            result += byte;
        else if (at < text.size())
            result += escaped(text, at);
    }
    return result;
}

// "12 0 R": the text behind "12 0 obj"; anything else stands for itself.
std::string_view followed(std::string_view file, std::string_view value) {
    const auto first = value.find(' ');
    const auto object = number(value);
    if (value.starts_with("<<") || !object || first == nowhere) return value;
    const auto head =
        std::to_string(*object) + " " + std::to_string(number(skipped(value.substr(first))).value_or(0)) + " obj";
    for (auto at = file.rfind(head); at != nowhere && at > 0; at = file.rfind(head, at - 1))
        if (blanks.find(file[at - 1]) != nowhere) return file.substr(at + head.size());
    return {};
}

// ---- the digests and ciphers that the standard names

std::string digest(const EVP_MD* kind, std::string_view bytes) {
    std::string result(static_cast<std::size_t>(EVP_MD_get_size(kind)), '\0');
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(result.data()), nullptr, kind,
                   nullptr) != 1)
        throw std::runtime_error("a digest failed");
    return result;
}

std::string rc4(std::string_view key, std::string bytes) {
    std::array<unsigned char, 256> state;
    std::iota(state.begin(), state.end(), static_cast<unsigned char>(0));
    unsigned other = 0;
    for (unsigned one = 0; one < 256; ++one) {
        other = (other + state[one] + static_cast<unsigned char>(key[one % key.size()])) % 256;
        std::swap(state[one], state[other]);
    }
    unsigned first = 0, second = 0;
    for (auto& byte : bytes) {
        first = (first + 1) % 256;
        second = (second + state[first]) % 256;
        std::swap(state[first], state[second]);
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ state[(state[first] + state[second]) % 256]);
    }
    return bytes;
}

std::string aes_128_cbc(std::string_view key, std::string_view start, const std::string& bytes) {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  EVP_CIPHER_CTX_free);
    std::string result(bytes.size() + 16, '\0');
    int length = 0;
    const auto as_bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    if (!context ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, as_bytes(key), as_bytes(start)) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(result.data()), &length, as_bytes(bytes),
                          static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("a cipher failed");
    result.resize(static_cast<std::size_t>(length));
    return result;
}

// Algorithm 2.B, for the empty password.
std::string hardened(std::string_view salt) {
    auto key = digest(EVP_sha256(), salt);
    std::string last;
    for (int round = 0; round < 64 || static_cast<unsigned char>(last.back()) > round - 32; ++round) {
        std::string repeated;
        for (int copy = 0; copy < 64; ++copy) repeated += key;
        last = aes_128_cbc(std::string_view(key).substr(0, 16), std::string_view(key).substr(16, 16), repeated);
        int sum = 0;
        for (int at = 0; at < 16; ++at) sum += static_cast<unsigned char>(last[static_cast<std::size_t>(at)]);
        key = digest(sum % 3 == 0 ? EVP_sha256() : sum % 3 == 1 ? EVP_sha384() : EVP_sha512(), last);
    }
    return key.substr(0, 32);
}

constexpr std::string_view padding("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08"
                                   "\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A",
                                   32);

bool opens_with_md5(std::string_view dictionary, std::int64_t revision, const std::string& user,
                    const std::string& file_id) {
    const auto owner = string_of(behind(dictionary, "/O"));
    const auto permissions = static_cast<std::uint32_t>(number(behind(dictionary, "/P")).value_or(0));
    if (owner.size() < 32 || user.size() < 32) return true;
    std::string seed = std::string(padding) + owner.substr(0, 32);
    for (int shift = 0; shift < 32; shift += 8) seed += static_cast<char>(permissions >> shift & 0xFF);
    seed += file_id;
    if (revision >= 4 && behind(dictionary, "/EncryptMetadata").starts_with("false")) seed += "\xFF\xFF\xFF\xFF";
    const auto bits = revision == 2 ? 40 : number(behind(dictionary, "/Length")).value_or(revision == 4 ? 128 : 40);
    const auto length = static_cast<std::size_t>(std::clamp<std::int64_t>(bits / 8, 5, 16));
    auto key = digest(EVP_md5(), seed);
    if (revision >= 3)
        for (int round = 0; round < 50; ++round) key = digest(EVP_md5(), key.substr(0, length));
    key.resize(length);
    if (revision == 2) return rc4(key, std::string(padding)) == user.substr(0, 32);
    auto proof = digest(EVP_md5(), std::string(padding) + file_id);
    for (int round = 0; round < 20; ++round) {
        auto turned = key;
        for (auto& byte : turned) byte = static_cast<char>(byte ^ round);
        proof = rc4(turned, proof);
    }
    return proof == user.substr(0, 16);
}

// True also when it can't be told: nobody's evidence is refused for a guess.
bool opens_without(std::string_view file, std::string_view dictionary) {
    const auto user = string_of(behind(dictionary, "/U"));
    const auto revision = number(behind(dictionary, "/R")).value_or(0);
    if (revision >= 2 && revision <= 4) {
        const auto ids = behind(file, "/ID");
        return opens_with_md5(dictionary, revision, user,
                              ids.starts_with('[') ? string_of(skipped(ids.substr(1))) : std::string());
    }
    if ((revision != 5 && revision != 6) || user.size() < 48) return true;
    const auto salt = std::string_view(user).substr(32, 8);
    return (revision == 5 ? digest(EVP_sha256(), salt) : hardened(salt)) == user.substr(0, 32);
}

} // namespace

bool is_pdf(std::string_view bytes) { return bytes.substr(0, 1024 + mark.size()).find(mark) != nowhere; }

bool is_whole(std::string_view bytes) {
    const auto head = bytes.find(mark);
    return head != nowhere && bytes.find("%%EOF", head) != nowhere;
}

bool needs_password(std::string_view bytes) {
    const auto value = behind(bytes, "/Encrypt");
    const auto found = followed(bytes, value);
    const auto start = found.find("<<");
    if (start == nowhere || start > 64) return false;
    // To its end, or a little more: no key of it stands behind.
    const auto dictionary = found.substr(start, std::min(found.find("endobj", start), start + 4096) - start);
    if (behind(dictionary, "/Filter").starts_with("/Standard")) return !opens_without(bytes, dictionary);
    return behind(dictionary, "/Filter").starts_with("/Adobe.PubSec");
}

} // namespace cunmai::http::pdf
