#include "adapters/http/wire/temp_file.hpp"

#include "engine/ports.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

namespace cunmai::http {

namespace fs = std::filesystem;

TempFile::TempFile(const std::string& data_dir) {
    const auto folder = data_dir + "/tmp";
    std::error_code error;
    if (fs::create_directories(folder, error)) fs::permissions(folder, fs::perms::owner_all, error);
    std::string name = folder + "/body-XXXXXX";
    const int handle = ::mkostemp(name.data(), O_CLOEXEC); // mode 0600
    if (handle < 0) throw engine::StoreUnavailable("can't make a temporary file in " + folder);
    ::close(handle);
    path_ = std::move(name);
}

TempFile::~TempFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

void remove_old_temp_files(const std::string& data_dir) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(data_dir + "/tmp", error)) {
        const auto age = fs::file_time_type::clock::now() - entry.last_write_time(error);
        if (!error && age > std::chrono::hours(24)) fs::remove(entry.path(), error);
    }
}

} // namespace cunmai::http
