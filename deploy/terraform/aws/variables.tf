variable "name" {
  description = "Name of everything that is made, and its prefix"
  type        = string
  default     = "dinoflow"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name must begin with a letter and have 3 to 31 lower-case letters, digits and hyphens"
  }
}

variable "region" {
  description = "Region, such as eu-central-1"
  type        = string
}

variable "vpc_id" {
  description = "Network that cluster and data base stand in"
  type        = string
}

variable "private_subnet_ids" {
  description = "Its private subnets, in two zones at least"
  type        = list(string)
  validation {
    condition     = length(var.private_subnet_ids) >= 2
    error_message = "private_subnet_ids must name subnets in two zones at least"
  }
}

variable "admin_cidrs" {
  description = "Networks from which the cluster's API may be reached; none but the VPC where empty"
  type        = list(string)
  default     = []
}

variable "kubernetes_version" {
  description = "Version of Kubernetes"
  type        = string
  default     = "1.33"
}

variable "node_type" {
  description = "Machines of the cluster"
  type        = string
  default     = "m7i.large"
}

variable "nodes" {
  description = "Number of machines: at least, at first, at most"
  type        = object({ min = number, desired = number, max = number })
  default     = { min = 2, desired = 2, max = 6 }
  validation {
    condition     = var.nodes.min >= 1 && var.nodes.min <= var.nodes.desired && var.nodes.desired <= var.nodes.max
    error_message = "nodes must hold 1 <= min <= desired <= max"
  }
}

variable "database_class" {
  description = "Machine of the data base"
  type        = string
  default     = "db.t4g.medium"
}

variable "database_multi_az" {
  description = "Whether a second data base stands by in another zone"
  type        = bool
  default     = true
}

variable "namespace" {
  description = "Namespace of Kubernetes whose service account may read and write the bucket"
  type        = string
  default     = "dinoflow"
}
