"""A stack written by hand for the harness's tests."""

from __future__ import annotations

from typing import Any

TEMPLATE = """\
Parameters:
  CertificateArn: {Type: String}
  Count: {Type: Number}
  ExecEnabled: {Type: String}
  ImageId: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}
  Memory: {Type: Number}
  Port: {Type: Number}
  Retention: {Type: Number}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
Resources:
  Repository:
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: app, ImageTagMutability: IMMUTABLE}
  LogGroup:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/ecs/${AWS::StackName}", RetentionInDays: !Ref Retention}
  BalancerGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: balancer}}
  TaskGroup: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: task}}
  TaskIngress:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      {GroupId: !GetAtt TaskGroup.GroupId, IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port,
       SourceSecurityGroupId: !GetAtt BalancerGroup.GroupId}
  BalancerEgress:
    Type: AWS::EC2::SecurityGroupEgress
    Properties:
      {GroupId: !GetAtt BalancerGroup.GroupId, IpProtocol: tcp, FromPort: !Ref Port,
       ToPort: !Ref Port, DestinationSecurityGroupId: !GetAtt TaskGroup.GroupId}
  LaunchTemplate:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {ImageId: !Ref ImageId, InstanceType: t3.small}}
  Instances:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate: {LaunchTemplateId: !Ref LaunchTemplate, Version: "1"}
      MinSize: !Ref Count
      MaxSize: !Ref Count
      VPCZoneIdentifier: !Ref Subnets
  Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: shared}}
  Provider:
    Type: AWS::ECS::CapacityProvider
    Properties:
      AutoScalingGroupProvider:
        {AutoScalingGroupArn: !Ref Instances, ManagedDraining: ENABLED,
         ManagedScaling: {Status: ENABLED, TargetCapacity: !Ref Count}}
  Providers:
    Type: AWS::ECS::ClusterCapacityProviderAssociations
    Properties:
      Cluster: !Ref Cluster
      CapacityProviders: [FARGATE, !Ref Provider]
      DefaultCapacityProviderStrategy: [{CapacityProvider: !Ref Provider, Weight: !Ref Count}]
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Name: front, Subnets: !Ref Subnets, SecurityGroups: [!Ref BalancerGroup]}
  HttpListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 80
      Protocol: HTTP
      DefaultActions:
        [{Type: redirect, RedirectConfig: {Protocol: HTTPS, Port: "443", StatusCode: HTTP_301}}]
  HttpsListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: HTTPS
      Certificates: [{CertificateArn: !Ref CertificateArn}]
      DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: "404"}}]
  TargetGroup:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Port: !Ref Port, Protocol: HTTP, TargetType: ip}
  HostRule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref HttpsListener
      Priority: !Ref Count
      Conditions: [{Field: host-header, HostHeaderConfig: {Values: [app.example.test]}}]
      Actions: [{Type: forward, TargetGroupArn: !Ref TargetGroup}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RuntimePlatform: {CpuArchitecture: ARM64}
      ContainerDefinitions:
        - Name: app
          Image: !Sub "${Repository.RepositoryUri}:1"
          MemoryReservation: !Ref Memory
          PortMappings: [{ContainerPort: !Ref Port}]
          Environment: [{Name: PORT, Value: !Ref Port}]
          HealthCheck: {Command: [CMD, "true"], Retries: !Ref Count}
          DockerLabels: {Team: accounting}
  Service:
    Type: AWS::ECS::Service
    DependsOn: [HostRule, Providers]
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !Ref Task
      DesiredCount: !Ref Count
      EnableExecuteCommand: !Ref ExecEnabled
      HealthCheckGracePeriodSeconds: !Ref Retention
      PropagateTags: SERVICE
      LoadBalancers:
        - {ContainerName: app, ContainerPort: !Ref Port, TargetGroupArn: !Ref TargetGroup}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ResourceId: !Sub "service/${Cluster}/${Service.Name}"
      ServiceNamespace: ecs
      ScalableDimension: "ecs:service:DesiredCount"
      MinCapacity: !Ref Count
      MaxCapacity: !Ref Memory
  ErrorRate:
    Type: AWS::CloudWatch::Alarm
    Properties:
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: !Ref Count
      Threshold: 5
      Metrics:
        - {Id: rate, Expression: 100 * errors / 60}
        - Id: errors
          ReturnData: false
          MetricStat: {Metric: {Namespace: app, MetricName: Errors}, Period: 60, Stat: Sum}
Outputs:
  ServiceName: {Value: !GetAtt Service.Name}
"""

FILE: dict[str, Any] = {
    "Parameters": {
        "Count": "2",
        "ExecEnabled": "true",
        "ImageId": "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
        "Memory": "512",
        "Port": "8080",
        "Retention": "30",
        "Subnets": "subnet-1,subnet-2",
    },
    "Tags": {"team": "infra"},
    "lookups": {"CertificateArn": {"Ssm": "/certificate"}},
}
