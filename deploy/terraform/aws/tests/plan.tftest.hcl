# A plan on mocks: `terraform init -backend=false && terraform test`. It asks no cloud.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  region             = "eu-central-1"
  vpc_id             = "vpc-1"
  private_subnet_ids = ["subnet-1", "subnet-2"]
}

run "nothing_is_open" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.data.restrict_public_buckets && aws_s3_bucket_public_access_block.data.block_public_policy
    error_message = "the bucket must not be public"
  }
  assert {
    condition     = !aws_db_instance.main.publicly_accessible && aws_db_instance.main.storage_encrypted && aws_db_instance.main.deletion_protection
    error_message = "the data base must be private, encrypted and kept"
  }
  assert {
    condition     = aws_db_instance.main.manage_master_user_password && aws_db_instance.main.password == null
    error_message = "the password must be in no state"
  }
  assert {
    condition     = !aws_eks_cluster.main.vpc_config[0].endpoint_public_access
    error_message = "the cluster's API must be private unless networks are named"
  }
}

run "networks_open_the_api" {
  command = plan
  variables {
    admin_cidrs = ["192.0.2.0/24"]
  }
  assert {
    condition     = aws_eks_cluster.main.vpc_config[0].public_access_cidrs == toset(["192.0.2.0/24"])
    error_message = "only the named networks may reach the API"
  }
}

run "one_zone_is_refused" {
  command = plan
  variables {
    private_subnet_ids = ["subnet-1"]
  }
  expect_failures = [var.private_subnet_ids]
}

run "nodes_out_of_order_are_refused" {
  command = plan
  variables {
    nodes = { min = 3, desired = 2, max = 6 }
  }
  expect_failures = [var.nodes]
}
