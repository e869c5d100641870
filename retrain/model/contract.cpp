#include "retrain/model/model.h"

namespace retrain::model {

Json ToJson(const Contract& contract) {
  Json classes = Json::MakeArray();
  for (const auto& name : contract.labels.classes) classes.Append(name);
  Json json;
  json.Set("task", data::Name(contract.labels.task)).Set("classes", classes).Set("roles", data::ToJson(contract.roles));
  return json;
}

Result<Contract> ContractFromJson(const Json& json) {
  Contract contract;
  TRY(contract.labels.task, data::TaskFromName(json["task"].AsString()));
  for (const auto& name : json["classes"].items()) contract.labels.classes.push_back(name.AsString());
  TRY(contract.roles, data::RolesFromJson(json["roles"]));
  return contract;
}

}  // namespace retrain::model
