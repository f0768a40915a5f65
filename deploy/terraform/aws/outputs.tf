output "bucket" {
  description = "Name of the bucket: DINOFLOW_STORE=s3://NAME/cache"
  value       = aws_s3_bucket.data.bucket
}

output "database" {
  description = "Address of PostgreSQL"
  value       = aws_db_instance.main.endpoint
}

output "database_secret" {
  description = "Secret of Secrets Manager that holds the user and the password"
  value       = aws_db_instance.main.master_user_secret[0].secret_arn
}

output "cluster" {
  description = "aws eks update-kubeconfig --name NAME"
  value       = aws_eks_cluster.main.name
}
