import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('register', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='attendance',
            name='note',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='attendance',
            name='reason_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attendance',
            name='reason_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='homework',
            name='assessment',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='homework',
            name='due_lesson',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='homework_due', to='register.lesson'),
        ),
        migrations.AddField(
            model_name='homework',
            name='minutes',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='homework',
            name='set_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lesson',
            name='deviation',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='lesson',
            name='held_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='lesson',
            name='plan_topic',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='schooling.plantopic'),
        ),
        migrations.AddField(
            model_name='mark',
            name='note',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='task',
            name='components',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='task',
            name='weight',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='worked_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='termmark',
            name='postponed_reason',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='termmark',
            name='postponed_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='mark',
            name='value',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('components__in', (1, 2))), name='register_task_one_or_two_components'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('weight', None), ('weight__range', (1, 9)), _connector='OR'), name='register_task_weight'),
        ),
    ]
