# Logs, metrics and alarms.

locals {
  metrics = "riada/${var.project}"

  alarms = merge(
    { for name, _ in local.nodes : "${name}-not-ready" => {
      description = "${name} is not ready or does not report; see its stream in log group /${var.project}/nodes"
      namespace   = local.metrics, metric = "Ready", dimensions = { Node = name }
      comparison  = "LessThanThreshold", threshold = 1, minutes = 10, missing = "breaching"
    } },
    { for name, _ in local.data_nodes : "${name}-disk" => {
      description = "${name}'s data volume is nearly full: raise data_gib"
      namespace   = local.metrics, metric = "DiskUsed", dimensions = { Node = name }
      comparison  = "GreaterThanThreshold", threshold = 80, minutes = 10, missing = "missing"
    } },
    { for name, instance in aws_instance.node : "${name}-machine" => {
      description = "${name}'s machine fails EC2's status checks: replace it"
      namespace   = "AWS/EC2", metric = "StatusCheckFailed", dimensions = { InstanceId = instance.id }
      comparison  = "GreaterThanThreshold", threshold = 0, minutes = 3, missing = "missing"
    } },
    { roll = {
      description = "A rolling change has waited for 30 min: the messages in log group /${var.project}/nodes name for what; docs/aws.md, \"Rolling change\", has the remedies"
      namespace   = local.metrics, metric = "RollWait", dimensions = {}
      comparison  = "GreaterThanThreshold", threshold = 1800, minutes = 1, missing = "notBreaching"
    } },
  )
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338: logs serve to find faults; set log_retention_days to keep them longer
  for_each = toset(["nodes", "containers", "flows"])

  name              = "/${var.project}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.project}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = "Maximum"
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.minutes
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.project}-alarms"
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_sns_topic_subscription" "email" {
  count = var.alarm_email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}
