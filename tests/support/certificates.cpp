#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace cunmai::test {

namespace {

constexpr long day_seconds = 24 * 3600;

void check(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string("no certificate: ") + what);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    check(extension && X509_add_ext(certificate, extension, -1) == 1, value.c_str());
    X509_EXTENSION_free(extension);
}

template <class Write> void write_file(const std::string& file, const Write& write) {
    const std::unique_ptr<FILE, int (*)(FILE*)> out(std::fopen(file.c_str(), "w"), &std::fclose);
    check(out && write(out.get()) == 1, file.c_str());
}

} // namespace

struct CertificateAuthority::Pair {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();

    // Without an issuer the certificate is self-signed.
    Pair(const std::string& name, long number, int days, const Pair* issuer) {
        check(key && certificate, "no key");
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), number);
        X509_gmtime_adj(X509_getm_notBefore(certificate), days < 0 ? 2 * days * day_seconds : -day_seconds);
        X509_gmtime_adj(X509_getm_notAfter(certificate), days * day_seconds);
        X509_set_pubkey(certificate, key);
        auto* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()),
                                   -1, -1, 0);
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer->certificate : certificate));
    }
    ~Pair() {
        X509_free(certificate);
        EVP_PKEY_free(key);
    }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    void sign(const Pair& issuer) { check(X509_sign(certificate, issuer.key, EVP_sha256()) > 0, "not signed"); }
    void write(const CertificateFiles& files) const {
        write_file(files.certificate, [&](FILE* out) { return PEM_write_X509(out, certificate); });
        write_file(files.key,
                   [&](FILE* out) { return PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
    }
};

CertificateAuthority::CertificateAuthority(const std::string& folder, const std::string& name)
    : folder_(folder), own_(std::make_unique<Pair>(name, 1, 1, nullptr)) {
    extend(own_->certificate, own_->certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(own_->certificate, own_->certificate, NID_key_usage, "critical,keyCertSign");
    own_->sign(*own_);
    own_->write({file(), folder_ + "/authority.key"});
}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::file() const { return folder_ + "/authority.pem"; }

CertificateFiles CertificateAuthority::vouch_for(const std::string& names, int days) {
    const auto base = folder_ + "/server" + std::to_string(++made_);
    Pair server("test server", 1 + made_, days, own_.get());
    extend(server.certificate, own_->certificate, NID_subject_alt_name, names);
    server.sign(*own_);
    CertificateFiles files{base + ".pem", base + ".key"};
    server.write(files);
    return files;
}

} // namespace cunmai::test
