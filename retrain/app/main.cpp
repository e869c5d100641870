#include "retrain/app/cli/command.h"

int main(int argc, char** argv) { return retrain::app::Main(argc, argv); }
