#pragma once

#include <span>

// How far two discrete laws lie apart, given as shares of the same categories or bins, in the same order.
// REQUIRES, of all here: equal lengths; shares not negative; where a sum is said to be scaled, it is above 0.
namespace retrain::stats {

// sum (p - q) ln(p/q), in nats, symmetric: the population stability index, Jeffreys' divergence (1946). A share of 0
// on one side alone makes it infinite.
double PopulationStability(std::span<const double> p, std::span<const double> q);

// sum p ln(p/q), in nats (Kullback and Leibler 1951); both are scaled to sum 1. Infinite where q is 0 and p is not.
double KullbackLeibler(std::span<const double> p, std::span<const double> q);

// Square root of the mean divergence of both from their average (Endres and Schindelin 2003): at most sqrt(ln 2) in
// nats and 1 in bits. Both are scaled to sum 1.
enum class LogBase { kNats, kBits };
double JensenShannonDistance(std::span<const double> p, std::span<const double> q, LogBase base = LogBase::kNats);

// sqrt(sum (sqrt p - sqrt q)²/2), 0 … 1.
double HellingerDistance(std::span<const double> p, std::span<const double> q);

// Half the sum, and the largest, of |p - q|.
double TotalVariation(std::span<const double> p, std::span<const double> q);
double LargestDifference(std::span<const double> p, std::span<const double> q);

}  // namespace retrain::stats
