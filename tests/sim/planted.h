#pragma once

#include <memory>

#include "life.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::sim {

// The part of a planted bug that lies in the disk, and the part that lies between the engine and the disk.
testing::DiskFaults FaultsOf(Bug bug);
std::unique_ptr<StateFs> FilesOf(Bug bug, testing::SimDisk& disk);

}  // namespace retrain::sim
