// Certificates for one test: an authority that nobody else trusts, and certificates that it issues for servers.
#pragma once

#include <memory>
#include <string>

namespace cunmai::test {

struct CertificateFiles {
    std::string certificate, key; // PEM
};

class CertificateAuthority {
  public:
    explicit CertificateAuthority(const std::string& folder, const std::string& name = "Test authority"); // its files
    ~CertificateAuthority();
    CertificateAuthority(const CertificateAuthority&) = delete;
    CertificateAuthority& operator=(const CertificateAuthority&) = delete;

    std::string file() const; // what a client trusts
    // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". Negative `days`: the certificate expired so long
    // ago.
    CertificateFiles vouch_for(const std::string& names, int days = 1);

  private:
    struct Pair;
    std::string folder_;
    std::unique_ptr<Pair> own_;
    int made_ = 0;
};

} // namespace cunmai::test
