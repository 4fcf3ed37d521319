// The effects of every stem and of the mix, in the order that the sound goes through them.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Surface {
    id: page
    Basic.ScrollView {
        id: scroll
        anchors.fill: parent
        anchors.margins: Theme.padding
        contentWidth: Math.max(availableWidth, effects.chains.length * 190)
        RowLayout {
            width: scroll.contentWidth
            spacing: Theme.gap
            Repeater {
                model: effects.chains
                ColumnLayout {
                    id: chain
                    required property string modelData
                    property var rack: effects.effects(modelData)
                    Connections { target: effects; function onChanged() { chain.rack = effects.effects(chain.modelData); } }
                    Layout.alignment: Qt.AlignTop
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    spacing: Theme.gap
                    Text { text: chain.modelData; color: Theme.of(chain.modelData); font.pixelSize: Theme.large; font.weight: Font.DemiBold }
                    Caption { visible: chain.rack.length === 0; text: qsTr("no effects: a preset brings them") ; wrapMode: Text.Wrap; Layout.fillWidth: true }
                    Repeater {
                        model: chain.rack
                        EffectCard { required property var modelData; effect: modelData; tint: Theme.of(chain.modelData); Layout.fillWidth: true }
                    }
                }
            }
        }
    }
}
