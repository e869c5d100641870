#include "retrain/model/model.h"

namespace retrain::model {

Json ToJson(const Contract& contract) {
  Json classes = Json::MakeArray();
  for (const auto& name : contract.labels.classes) classes.Append(name);
  Json json;
  json.Set("task", data::Name(contract.labels.task)).Set("classes", classes).Set("roles", data::ToJson(contract.roles));
  if (contract.labels.type != data::ColumnType::kText) json.Set("target_type", data::Name(contract.labels.type));
  return json;
}

Result<Contract> ContractFromJson(const Json& json) {
  Contract contract;
  TRY(contract.labels.task, data::TaskFromName(json["task"].AsString()));
  for (const auto& name : json["classes"].items()) contract.labels.classes.push_back(name.AsString());
  if (json.Has("target_type")) {
    TRY(contract.labels.type, data::TypeFromName(json["target_type"].AsString()));
  }
  TRY(contract.roles, data::RolesFromJson(json["roles"]));
  return contract;
}

}  // namespace retrain::model
